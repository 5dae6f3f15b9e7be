package io.blipstream.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tokenizer's description in the {@code tokenizer.json} form: read from such a file, or made from
 * a {@code vocab.txt} as bert-base-uncased has it (lower-case, accents stripped, WordPiece).
 */
final class WordPieceJson {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final int LONGEST_WORD = 100;

  private final Path file;
  private final ObjectNode root;

  private WordPieceJson(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  static WordPieceJson read(Path tokenizerJson) throws IOException {
    try {
      if (JSON.readTree(Files.readAllBytes(tokenizerJson)) instanceof ObjectNode root) {
        return new WordPieceJson(tokenizerJson, root);
      }
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          tokenizerJson + " is no valid JSON (" + e.getOriginalMessage() + ").", e);
    }
    throw new CheckpointException(tokenizerJson + " is no JSON object.");
  }

  /** A token a line; its line is its id. */
  static WordPieceJson fromVocabulary(Path vocabTxt) throws IOException {
    List<String> tokens = Files.readAllLines(vocabTxt);
    for (String token : List.of("[UNK]", "[CLS]", "[SEP]")) {
      if (!tokens.contains(token)) {
        throw new CheckpointException(vocabTxt + " lacks the token " + token + ".");
      }
    }
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (String token : SPECIAL) {
      if (tokens.contains(token)) {
        added
            .addObject()
            .put("id", tokens.indexOf(token))
            .put("content", token)
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", true);
      }
    }
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .put("lowercase", true)
        .putNull("strip_accents");
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    ObjectNode processor = root.putObject("post_processor").put("type", "BertProcessing");
    processor.putArray("sep").add("[SEP]").add(tokens.indexOf("[SEP]"));
    processor.putArray("cls").add("[CLS]").add(tokens.indexOf("[CLS]"));
    root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model =
        root.putObject("model")
            .put("type", "WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", LONGEST_WORD);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    return new WordPieceJson(vocabTxt, root);
  }

  /**
   * Requires that no id reaches outside the word embedding, where native code would read memory
   * that is not the network's.
   */
  void requireIdsBelow(int vocabularySize) throws CheckpointException {
    long largest = -1;
    for (JsonNode id : root.path("model").path("vocab")) {
      largest = Math.max(largest, id.asLong());
    }
    for (JsonNode token : root.path("added_tokens")) {
      largest = Math.max(largest, token.path("id").asLong());
    }
    if (largest >= vocabularySize) {
      throw new CheckpointException(
          "%s has token ids up to %d, but the network knows %d tokens; they do not belong together."
              .formatted(file, largest, vocabularySize));
    }
  }

  Path file() {
    return file;
  }

  byte[] bytes() throws IOException {
    return JSON.writeValueAsBytes(root);
  }
}
