package io.blipstream.model.generate;

import io.blipstream.model.engine.FloatRows;

/**
 * What changes logits before a token is chosen, in the order of Hugging Face transformers:
 * repetition penalty, then minimum length. In beam search the "logits" are log-probabilities.
 */
final class LogitRules {

  private final DecodingSettings settings;
  private final int endToken;

  LogitRules(DecodingSettings settings, int endToken) {
    this.settings = settings;
    this.endToken = endToken;
  }

  /** Changes a row of logits [rows, V] in place. */
  void apply(FloatRows logits, int row, TokenSequence sequence) {
    if (settings.repetitionPenalty() != 1) {
      penalise(logits, row, sequence);
    }
    if (sequence.length() < settings.minLength()) {
      logits.set(row, endToken, Float.NEGATIVE_INFINITY);
    }
  }

  private void penalise(FloatRows logits, int row, TokenSequence sequence) {
    float penalty = (float) settings.repetitionPenalty();
    for (int i = 0; i < sequence.length(); i++) {
      int token = sequence.token(i);
      if (!seenBefore(sequence, i)) {
        float value = logits.get(row, token);
        logits.set(row, token, value < 0 ? value * penalty : value / penalty);
      }
    }
  }

  /** However often a token stands in the text, it is penalised once. */
  private static boolean seenBefore(TokenSequence sequence, int index) {
    for (int i = 0; i < index; i++) {
      if (sequence.token(i) == sequence.token(index)) {
        return true;
      }
    }
    return false;
  }
}
