package io.blipstream.app.web.page;

import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import java.util.EnumMap;
import java.util.Map;

/**
 * Match probabilities of the latest texts, counted in hundredths: what a threshold would keep.
 *
 * <p>What must hold: a text is in step {@code k} if a threshold of {@code k / 100} keeps it and one
 * of {@code (k + 1) / 100} does not, compared as floats as the filter does. So the texts that a
 * threshold of {@code k / 100} keeps are exactly those in the steps from {@code k} on.
 */
final class ScoreWindow {

  /** Thresholds 0.00 to 1.00. */
  static final int STEPS = 101;

  private static final float[] THRESHOLDS = thresholds();

  private final byte[] steps;
  private final byte[] sources;
  private final Map<TextSource, int[]> counts = new EnumMap<>(TextSource.class);
  private int next;
  private int size;

  /**
   * @param texts how many are remembered, a few bytes each
   */
  ScoreWindow(int texts) {
    this.steps = new byte[texts];
    this.sources = new byte[texts];
    for (TextSource source : TextSource.values()) {
      counts.put(source, new int[STEPS]);
    }
  }

  synchronized void add(TextScore score) {
    int step = step(score.itmProbability());
    if (size == steps.length) {
      counts.get(TextSource.values()[sources[next]])[steps[next]]--;
    } else {
      size++;
    }
    steps[next] = (byte) step;
    sources[next] = (byte) score.source().ordinal();
    counts.get(score.source())[step]++;
    next = (next + 1) % steps.length;
  }

  /** Texts of a source by step, {@link #STEPS} numbers. */
  synchronized int[] counts(TextSource source) {
    return counts.get(source).clone();
  }

  static int step(float probability) {
    int step = Math.max(0, Math.min(STEPS - 1, (int) (probability * 100)));
    while (step + 1 < STEPS && probability >= THRESHOLDS[step + 1]) {
      step++;
    }
    while (step > 0 && !(probability >= THRESHOLDS[step])) {
      step--;
    }
    return step;
  }

  private static float[] thresholds() {
    float[] thresholds = new float[STEPS];
    for (int k = 0; k < STEPS; k++) {
      thresholds[k] = (float) (k / 100.0);
    }
    return thresholds;
  }
}
