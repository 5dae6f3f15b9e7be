package io.blipstream.model.generate;

import io.blipstream.model.checkpoint.TextConfig;

/** What a caption starts with: the decoder's start token, and a prompt if there is one. */
public final class StartTokens {

  private StartTokens() {}

  /** The start token alone. */
  public static int[] none(TextConfig text) {
    return new int[] {text.bosTokenId()};
  }

  /**
   * A prompt, as the tokenizer gives it: its [CLS] becomes the start token, its [SEP] is left out.
   *
   * @param tokenized ids with [CLS] and [SEP]
   */
  public static int[] prompt(TextConfig text, int... tokenized) {
    if (tokenized.length < 2) {
      throw new IllegalArgumentException("a tokenized prompt has at least [CLS] and [SEP]");
    }
    int[] start = new int[tokenized.length - 1];
    System.arraycopy(tokenized, 0, start, 0, start.length);
    start[0] = text.bosTokenId();
    return start;
  }
}
