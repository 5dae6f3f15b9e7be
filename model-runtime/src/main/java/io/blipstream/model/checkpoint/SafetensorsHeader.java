package io.blipstream.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, checked before any offset in it is believed.
 *
 * <p>As in the format's own reader, tensors must tile the data: no overlap, no gap, nothing behind
 * the last one. So a header can neither reach outside the file nor hide bytes in it.
 */
final class SafetensorsHeader {

  /** The limit of the format's own reader. */
  static final int MAX_BYTES = 100_000_000;

  /** A tensor and where its bytes lie, counted from the end of the header. */
  record Entry(TensorInfo info, long begin, long end) {}

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /**
   * Parses and checks a header.
   *
   * @param file how errors call the file
   * @param json the header's bytes
   * @param dataBytes how many bytes the file holds behind the header
   */
  static Map<String, Entry> parse(String file, byte[] json, long dataBytes) throws IOException {
    var header = new SafetensorsHeader(file);
    header.read(json);
    header.requireTiling(dataBytes);
    return Collections.unmodifiableMap(header.entries);
  }

  private void read(byte[] json) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Utf8.decode(json));
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + " has a header that is no valid JSON (" + e.getOriginalMessage() + ").", e);
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + " has a header that is no UTF-8.", e);
    }
    if (root == null || !root.isObject()) {
      throw new CheckpointException(file + " has a header that is no JSON object.");
    }
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
      }
    }
  }

  private Entry entry(String name, JsonNode node) throws CheckpointException {
    Dtype dtype = dtype(name, node.path("dtype"));
    long[] shape = longs(name, "shape", node.path("shape"));
    long[] offsets = longs(name, "data_offsets", node.path("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw wrong(name, "must have two data_offsets, begin before end");
    }
    long bytes;
    try {
      bytes = dtype.bytes();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw wrong(name, "has a shape " + TensorInfo.text(shape) + " too large for any file");
    }
    if (offsets[1] - offsets[0] != bytes) {
      throw wrong(
          name,
          "takes %d bytes by its offsets but %d by its shape %s and type %s"
              .formatted(offsets[1] - offsets[0], bytes, TensorInfo.text(shape), dtype));
    }
    return new Entry(new TensorInfo(name, dtype, shape), offsets[0], offsets[1]);
  }

  private Dtype dtype(String name, JsonNode node) throws CheckpointException {
    for (Dtype dtype : Dtype.values()) {
      if (node.isTextual() && dtype.name().equals(node.textValue())) {
        return dtype;
      }
    }
    throw wrong(name, "has an unknown dtype " + node);
  }

  private long[] longs(String name, String key, JsonNode node) throws CheckpointException {
    if (!node.isArray()) {
      throw wrong(name, "has no list " + key);
    }
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = node.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw wrong(name, "has " + key + " " + node + " where only whole numbers from 0 may stand");
      }
      values[i] = value.longValue();
    }
    return values;
  }

  private void requireTiling(long dataBytes) throws CheckpointException {
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : ordered) {
      String name = entry.info().name();
      if (entry.end() > dataBytes) {
        throw wrong(
            name,
            "ends at byte %d of the data, but the file holds %d; it is cut off, fetch it again"
                .formatted(entry.end(), dataBytes));
      }
      if (entry.begin() < at) {
        throw wrong(name, "overlaps the tensor before it");
      }
      if (entry.begin() > at) {
        throw wrong(name, "leaves a gap of %d bytes before it".formatted(entry.begin() - at));
      }
      at = entry.end();
    }
    if (at != dataBytes) {
      throw new CheckpointException(
          "%s holds %d bytes that belong to no tensor.".formatted(file, dataBytes - at));
    }
  }

  private CheckpointException wrong(String tensor, String what) {
    return new CheckpointException(file + ": tensor " + tensor + " " + what + ".");
  }
}
