package io.blipstream.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Tensors in several files of one folder, with an index ({@code *.index.json}) that says which file
 * holds which.
 *
 * <p>The index must be right: each tensor that it places is in that file, and no two files hold the
 * same one. Tensors that only a file knows are there, too.
 */
final class ShardedTensors implements TensorSource {

  /** How a file of this format is opened. */
  interface Format {
    TensorSource open(Path file) throws IOException;
  }

  /** Plain names only: an index comes from elsewhere and must not lead out of its folder. */
  private static final Pattern FILE_NAME = Pattern.compile("\\w[\\w.-]{0,200}");

  /** An index of a large BLIP has 100 KB. */
  private static final long MAX_INDEX_BYTES = 1 << 24;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path index;
  private final Map<String, TensorSource> shards = new LinkedHashMap<>();
  private final Map<String, TensorSource> tensors = new LinkedHashMap<>();

  private ShardedTensors(Path index) {
    this.index = index;
  }

  /** Opens all files that an index names. */
  static ShardedTensors open(Path index, Format format) throws IOException {
    Map<String, String> placed = read(index);
    var sharded = new ShardedTensors(index);
    try {
      for (String shard : new TreeSet<>(placed.values())) {
        sharded.add(shard, format);
      }
      sharded.requirePlaced(placed);
      return sharded;
    } catch (IOException | RuntimeException e) {
      sharded.close();
      throw e;
    }
  }

  /** The files, in the order of their names. */
  List<Path> files() {
    return shards.keySet().stream().map(index::resolveSibling).toList();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public TensorInfo tensor(String name) throws CheckpointException {
    return holder(name).tensor(name);
  }

  @Override
  public float[] readFloats(String name) throws IOException {
    return holder(name).readFloats(name);
  }

  @Override
  public void readFloats(String name, FloatBuffer out) throws IOException {
    holder(name).readFloats(name, out);
  }

  @Override
  public long[] readLongs(String name) throws IOException {
    return holder(name).readLongs(name);
  }

  @Override
  public void close() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (TensorSource shard : shards.values()) {
      try {
        shard.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private void add(String shard, Format format) throws IOException {
    Path file = index.resolveSibling(shard);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s names the file %s, which is missing; fetch it, too.".formatted(index, shard));
    }
    TensorSource source = format.open(file);
    shards.put(shard, source);
    for (String name : source.names()) {
      if (tensors.put(name, source) != null) {
        throw new CheckpointException(
            "%s holds the tensor %s, which another file of %s holds, too; fetch them again."
                .formatted(file, name, index.getFileName()));
      }
    }
  }

  private void requirePlaced(Map<String, String> placed) throws CheckpointException {
    for (Map.Entry<String, String> entry : placed.entrySet()) {
      if (tensors.get(entry.getKey()) != shards.get(entry.getValue())) {
        throw new CheckpointException(
            "%s places the tensor %s in %s, which does not hold it; fetch them again."
                .formatted(index, entry.getKey(), entry.getValue()));
      }
    }
  }

  private static Map<String, String> read(Path index) throws IOException {
    if (Files.size(index) > MAX_INDEX_BYTES) {
      throw new CheckpointException(index + " is too large to be an index of weights.");
    }
    JsonNode map;
    try {
      map = JSON.readTree(Utf8.decode(Files.readAllBytes(index))).path("weight_map");
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          index + " is no valid JSON (" + e.getOriginalMessage() + ").", e);
    } catch (CharacterCodingException e) {
      throw new CheckpointException(index + " is no UTF-8.", e);
    }
    if (!map.isObject() || map.isEmpty()) {
      throw new CheckpointException(index + " has no weight_map from tensors to files.");
    }
    Map<String, String> placed = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : map.properties()) {
      JsonNode file = field.getValue();
      if (!file.isTextual() || !FILE_NAME.matcher(file.textValue()).matches()) {
        throw new CheckpointException(
            "%s places the tensor %s in %s, which is no plain name of a file beside it."
                .formatted(index, field.getKey(), file));
      }
      placed.put(field.getKey(), file.textValue());
    }
    return placed;
  }

  private TensorSource holder(String name) throws CheckpointException {
    TensorSource holder = tensors.get(name);
    if (holder == null) {
      throw new CheckpointException(index + " has no tensor " + name + ".");
    }
    return holder;
  }
}
