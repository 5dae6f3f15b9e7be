package io.blipstream.model.generate;

import io.blipstream.model.engine.FloatRows;

/** Greedy decoding's choice; of equal tokens the first. */
final class LikeliestToken implements NextToken {

  @Override
  public Choice of(FloatRows logits, int row) {
    int best = 0;
    for (int token = 0; token < logits.width(); token++) {
      float value = logits.get(row, token);
      if (Float.isNaN(value)) {
        throw NextToken.notANumber();
      }
      if (value > logits.get(row, best)) {
        best = token;
      }
    }
    int likeliest = best;
    return uniform -> likeliest;
  }
}
