package io.blipstream.app.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreWindowTest {

  @Test
  void shouldSayExactlyWhatEachThresholdKeeps() {
    Random random = new Random(7);
    ScoreWindow window = new ScoreWindow(10_000);
    List<Float> scores = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      // The hundredths themselves and their neighbours, where rounding would show.
      float hundredth = (float) (random.nextInt(101) / 100.0);
      float score =
          switch (i % 4) {
            case 0 -> hundredth;
            case 1 -> Math.nextUp(hundredth);
            case 2 -> Math.max(0, Math.nextDown(hundredth));
            default -> random.nextFloat();
          };
      scores.add(Math.min(1, score));
      window.add(text(TextSource.WEB, Math.min(1, score)));
    }
    int[] counts = window.counts(TextSource.WEB);
    for (int k = 0; k <= 100; k++) {
      double threshold = k / 100.0;
      long kept = scores.stream().filter(score -> score >= (float) threshold).count();
      assertThat((long) Arrays.stream(counts, k, counts.length).sum())
          .as("kept at %s", threshold)
          .isEqualTo(kept);
    }
  }

  @Test
  void shouldForgetTheOldestTexts() {
    ScoreWindow window = new ScoreWindow(3);
    window.add(text(TextSource.WEB, 0.1f));
    window.add(text(TextSource.SYNTHETIC, 0.2f));
    window.add(text(TextSource.WEB, 0.3f));
    window.add(text(TextSource.SYNTHETIC, 0.4f));
    assertThat(steps(window, TextSource.WEB)).containsExactly(30);
    assertThat(steps(window, TextSource.SYNTHETIC)).containsExactly(20, 40);
  }

  @Test
  void shouldCountWhatIsNoProbabilityAtTheEnds() {
    assertThat(ScoreWindow.step(Float.NaN)).isZero();
    assertThat(ScoreWindow.step(-1)).isZero();
    assertThat(ScoreWindow.step(2)).isEqualTo(100);
  }

  private static List<Integer> steps(ScoreWindow window, TextSource source) {
    int[] counts = window.counts(source);
    List<Integer> steps = new ArrayList<>();
    for (int step = 0; step < counts.length; step++) {
      for (int i = 0; i < counts[step]; i++) {
        steps.add(step);
      }
    }
    return steps;
  }

  private static TextScore text(TextSource source, float itm) {
    return new TextScore("a text", source, itm, 0);
  }
}
