package io.blipstream.model.generate;

import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.Strategy.Sampling;

/** Sampling's choice. */
final class SampledToken implements NextToken {

  private final Sampling sampling;

  SampledToken(Sampling sampling) {
    this.sampling = sampling;
  }

  @Override
  public Choice of(FloatRows logits, int row) {
    return TokenDistribution.of(logits, row, sampling)::at;
  }
}
