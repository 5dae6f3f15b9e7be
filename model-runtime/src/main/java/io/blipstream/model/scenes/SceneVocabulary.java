package io.blipstream.model.scenes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The small WordPiece vocabulary of the scenes' language, laid out as BERT's is: [PAD] is 0, and
 * the last two ids are BLIP's [DEC] and [ENC].
 *
 * <p>A plural is its singular and {@code ##s} or {@code ##es}, so that a kind is one word whatever
 * its count. Single letters and digits are pieces too: words from outside become letters, not
 * [UNK].
 */
public final class SceneVocabulary {
  /** The most tokens in a caption, with [CLS] and [SEP] and an ending for each plural. */
  public static final int MOST_TOKENS = SceneGrammar.MOST_WORDS + 4;

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private final List<String> tokens;

  public SceneVocabulary() {
    Set<String> pieces = new LinkedHashSet<>(SPECIAL);
    pieces.addAll(SceneGrammar.GLUE);
    pieces.addAll(SceneGrammar.NUMBERS);
    pieces.addAll(Relation.words());
    addWords(pieces, Size.values());
    addWords(pieces, Colour.values());
    addWords(pieces, Background.values());
    addWords(pieces, Kind.values());
    pieces.add("##es");
    FalseTexts.VAGUE.forEach(text -> Collections.addAll(pieces, text.split(" ")));
    for (char letter : "abcdefghijklmnopqrstuvwxyz0123456789".toCharArray()) {
      pieces.add(String.valueOf(letter));
      pieces.add("##" + letter);
    }
    pieces.add("[DEC]");
    pieces.add("[ENC]");
    tokens = List.copyOf(pieces);
  }

  private static void addWords(Set<String> pieces, Enum<?>[] choices) {
    for (Enum<?> choice : choices) {
      pieces.add(Words.of(choice));
    }
  }

  /** All tokens; a token's place is its id. */
  public List<String> tokens() {
    return tokens;
  }

  /** The number of ids. */
  public int size() {
    return tokens.size();
  }

  /** The id of [PAD]. */
  public int padId() {
    return tokens.indexOf("[PAD]");
  }

  /** The id of [CLS], the first token of a text that is encoded. */
  public int clsId() {
    return tokens.indexOf("[CLS]");
  }

  /** The id of [SEP], the last token of every text. */
  public int sepId() {
    return tokens.indexOf("[SEP]");
  }

  /** The id of [DEC], the first token of a text that is decoded. */
  public int decId() {
    return tokens.size() - 2;
  }

  /** The id of [ENC]. */
  public int encId() {
    return tokens.size() - 1;
  }

  /**
   * Writes {@code vocab.txt} and {@code tokenizer.json} as Hugging Face readers expect them.
   *
   * @param folder an existing folder; files of these names are replaced
   */
  public void write(Path folder) throws IOException {
    Files.write(folder.resolve("vocab.txt"), tokens);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizerJson());
  }

  /** A fast tokenizer: BERT's normaliser and word splitter, WordPiece, [CLS] text [SEP]. */
  private String tokenizerJson() {
    List<String> added = new ArrayList<>();
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]")) {
      added.add(
          ("{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,"
                  + "\"rstrip\":false,\"normalized\":false,\"special\":true}")
              .formatted(tokens.indexOf(token), token));
    }
    List<String> vocabulary = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      // No token needs JSON escapes: they are letters, digits, # and brackets.
      vocabulary.add("\"%s\":%d".formatted(tokens.get(id), id));
    }
    return """
        {
          "version": "1.0",
          "truncation": null,
          "padding": null,
          "added_tokens": [%1$s],
          "normalizer": {"type": "BertNormalizer", "clean_text": true,
            "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
          "pre_tokenizer": {"type": "BertPreTokenizer"},
          "post_processor": {"type": "TemplateProcessing",
            "single": [
              {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
              {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [
              {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
              {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
              {"Sequence": {"id": "B", "type_id": 1}},
              {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
            "special_tokens": {
              "[CLS]": {"id": "[CLS]", "ids": [%2$d], "tokens": ["[CLS]"]},
              "[SEP]": {"id": "[SEP]", "ids": [%3$d], "tokens": ["[SEP]"]}}},
          "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
          "model": {"type": "WordPiece", "unk_token": "[UNK]",
            "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
            "vocab": {%4$s}}
        }
        """
        .formatted(String.join(",\n    ", added), clsId(), sepId(), String.join(", ", vocabulary));
  }
}
