package io.blipstream.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a shelf make a checkpoint: each by the name that Hugging Face gives it. */
final class FileSelection {

  static final String CONFIG = "config.json";

  static final List<String> TOKENIZER =
      List.of("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json");

  /** Weights in the order in which they are looked for; only the first found is taken. */
  private static final List<String> WEIGHTS =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private static final String INDEX = ".index.json";

  private FileSelection() {}

  /** Those of the tokenizer's files that are there. */
  static List<String> tokenizer(Shelf shelf) throws IOException {
    List<String> files = new ArrayList<>();
    for (String file : TOKENIZER) {
      if (shelf.has(file)) {
        files.add(file);
      }
    }
    if (!files.contains("tokenizer.json") && !files.contains("vocab.txt")) {
      throw new ImportException(
          Kind.NOT_FOUND,
          "%s has neither tokenizer.json nor vocab.txt; name another tokenizer by --tokenizer."
              .formatted(shelf.name()));
    }
    return files;
  }

  /**
   * The files of a checkpoint. A list of shards is taken at once, since it must be read.
   *
   * @param folder where a list of shards is put
   * @param withTokenizer whether its own tokenizer is wanted
   */
  static List<String> checkpoint(Shelf shelf, Path folder, boolean withTokenizer)
      throws IOException {
    List<String> files = new ArrayList<>();
    if (!shelf.has(CONFIG)) {
      throw new ImportException(
          Kind.NOT_FOUND,
          "%s has no %s, so it is no checkpoint in Hugging Face's layout; for a file of the"
                  .formatted(shelf.name(), CONFIG)
              + " original repository name the .pth itself.");
    }
    files.add(CONFIG);
    if (shelf.has("preprocessor_config.json")) {
      files.add("preprocessor_config.json");
    }
    if (withTokenizer) {
      files.addAll(tokenizer(shelf));
    }
    String weights = weights(shelf);
    files.add(weights);
    if (weights.endsWith(INDEX)) {
      Path index = folder.resolve(weights);
      shelf.take(weights, index);
      for (String shard : shards(index, shelf.name())) {
        if (!shelf.has(shard)) {
          throw new ImportException(
              Kind.NOT_FOUND,
              "%s lacks %s, which its %s names.".formatted(shelf.name(), shard, weights));
        }
        files.add(shard);
      }
    }
    return files;
  }

  private static String weights(Shelf shelf) throws IOException {
    for (String file : WEIGHTS) {
      if (shelf.has(file)) {
        return file;
      }
    }
    throw new ImportException(
        Kind.NOT_FOUND,
        "%s holds no weights that are read here (%s)."
            .formatted(shelf.name(), String.join(", ", WEIGHTS)));
  }

  private static Set<String> shards(Path index, String shelf) throws IOException {
    JsonNode map;
    try {
      map = new JsonMapper().readTree(Files.readAllBytes(index)).path("weight_map");
    } catch (JsonProcessingException e) {
      throw wrongIndex(index, shelf, e);
    }
    Set<String> shards = new TreeSet<>();
    for (JsonNode shard : map) {
      // A name with a slash could lead anywhere on this machine.
      if (!shard.asText().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
        throw wrongIndex(index, shelf, null);
      }
      shards.add(shard.asText());
    }
    if (shards.isEmpty()) {
      throw wrongIndex(index, shelf, null);
    }
    return shards;
  }

  private static ImportException wrongIndex(Path index, String shelf, Exception cause) {
    return new ImportException(
        Kind.DAMAGED,
        "%s of %s does not list files of weights beside it.".formatted(index.getFileName(), shelf),
        cause);
  }
}
