package io.blipstream.app.cli.bench.model;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.network.FlopCount;

/** How many operations a stage takes for one image. */
final class CaseFlops {

  /** What frames a text: [CLS] and [SEP]. */
  private static final int FRAMES = 2;

  private CaseFlops() {}

  static double vision(Checkpoint captioner) {
    return count(captioner).vision();
  }

  static double caption(Checkpoint captioner, int tokens) {
    return count(captioner).caption(tokens);
  }

  /** Two texts of so many tokens. */
  static double filter(Checkpoint filter, int textTokens) {
    FlopCount count = count(filter);
    return count.vision() + count.crossKeyValues() + 2 * judged(count, textTokens);
  }

  /**
   * A caption of so many tokens, and that and a web text judged.
   *
   * @param encodedOnce whether the filter takes the captioner's image tokens
   */
  static double capFilt(
      Checkpoint captioner, Checkpoint filter, int tokens, int webTokens, boolean encodedOnce) {
    FlopCount count = count(filter);
    return caption(captioner, tokens)
        + (encodedOnce ? 0 : count.vision())
        + count.crossKeyValues()
        + judged(count, webTokens)
        + judged(count, tokens + FRAMES);
  }

  private static double judged(FlopCount count, int tokens) {
    return count.text(tokens) + count.textAlone(tokens);
  }

  private static FlopCount count(Checkpoint checkpoint) {
    return new FlopCount(checkpoint.config(), checkpoint.imageTokens());
  }
}
