package io.blipstream.model.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RankingQualityTest {

  @Test
  void shouldBeOneWhenEveryPositiveIsHigherAndZeroWhenLower() {
    List<Float> high = List.of(0.9f, 0.8f);
    List<Float> low = List.of(0.1f, 0.2f, 0.7f);

    assertThat(RankingQuality.auc(high, low)).isEqualTo(1);
    assertThat(RankingQuality.auc(low, high)).isEqualTo(0);
  }

  @Test
  void shouldCountTiesHalf() {
    assertThat(RankingQuality.auc(List.of(0.5f), List.of(0.5f, 0.5f))).isEqualTo(0.5);
    assertThat(RankingQuality.auc(List.of(0.5f), List.of(0.5f, 0.4f))).isEqualTo(0.75);
  }

  @Test
  void shouldEqualTheShareOfWonPairs() {
    SplittableRandom random = new SplittableRandom(5);
    List<Float> positives = coarse(random, 57, 0.2);
    List<Float> negatives = coarse(random, 83, 0);
    double wins = 0;
    for (float positive : positives) {
      for (float negative : negatives) {
        wins += positive > negative ? 1 : positive == negative ? 0.5 : 0;
      }
    }

    assertThat(RankingQuality.auc(positives, negatives)).isCloseTo(wins / (57 * 83), within(1e-12));
  }

  /** Values with many ties. */
  private static List<Float> coarse(SplittableRandom random, int count, double shift) {
    return Stream.generate(() -> (float) (Math.round(10 * (random.nextDouble() + shift)) / 10.0))
        .limit(count)
        .toList();
  }
}
