package io.blipstream.model.generate;

import java.util.OptionalDouble;

/** Token ids of a text, from its first start token to its end token. */
public final class GeneratedText {

  private final long[] tokens;
  private final OptionalDouble score;

  GeneratedText(long[] tokens, OptionalDouble score) {
    this.tokens = tokens;
    this.score = score;
  }

  /** Start tokens first, end token last unless the maximum length cut it off; a copy. */
  public long[] tokens() {
    return tokens.clone();
  }

  /**
   * Beam search's score, transformers' {@code sequences_scores}: the sum of log-probabilities over
   * the generated length to the power of the length penalty. Empty for other strategies.
   */
  public OptionalDouble score() {
    return score;
  }
}
