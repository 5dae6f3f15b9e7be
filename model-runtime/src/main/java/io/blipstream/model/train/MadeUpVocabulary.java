package io.blipstream.model.train;

import io.blipstream.model.checkpoint.TextConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The vocabulary of an {@link UntrainedModel}, laid out like bert-base-uncased's: special tokens
 * where BLIP's configuration has them, letters, so that any word can be spelt, and as many words as
 * it takes.
 */
final class MadeUpVocabulary {

  private static final int UNKNOWN = 100;
  private static final List<String> FRAMES = List.of("[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /** [DEC] and [ENC] come last, and no vocabulary file lists them. */
  private static final int UNLISTED = 2;

  private MadeUpVocabulary() {}

  /** The lines of {@code vocab.txt}. */
  static List<String> of(TextConfig config) {
    List<String> tokens = new ArrayList<>(List.of("[PAD]"));
    while (tokens.size() < UNKNOWN) {
      tokens.add("[unused%d]".formatted(tokens.size()));
    }
    tokens.addAll(FRAMES);
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add(String.valueOf(letter));
      tokens.add("##" + letter);
    }
    while (tokens.size() < config.vocabularySize() - UNLISTED) {
      tokens.add("word" + tokens.size());
    }
    return tokens;
  }
}
