package io.blipstream.model.verify;

import java.util.OptionalDouble;

/**
 * The outcome of one comparison, apart from its name; fields as in {@link CheckResult}.
 *
 * <p>Floats may differ by rounding, which grows with the numbers that a result was summed from:
 * hence relative to the largest expected one, and not each to its own.
 */
record Finding(boolean ok, OptionalDouble difference, String detail) {

  private static final double TOLERANCE = 1e-4;

  static Finding equal() {
    return new Finding(true, OptionalDouble.empty(), "");
  }

  static Finding failed(String sentence) {
    return new Finding(false, OptionalDouble.empty(), sentence);
  }

  /** A difference of numbers, relative to their scale. */
  static Finding difference(double relative) {
    return relative <= TOLERANCE
        ? new Finding(true, OptionalDouble.of(relative), "")
        : new Finding(
            false,
            OptionalDouble.of(relative),
            "the difference is above %.0e of the largest expected number".formatted(TOLERANCE));
  }

  /** Compares element by element; a value that is not finite fails on either side. */
  static Finding floats(float[] actual, float[] expected) {
    return floats(actual, expected, 0);
  }

  /**
   * As {@link #floats(float[], float[])}.
   *
   * @param rounding how far off the expected values may be by the way they were written down
   */
  static Finding floats(float[] actual, float[] expected, double rounding) {
    if (actual.length != expected.length) {
      return failed(
          "%d values are computed where the reference has %d"
              .formatted(actual.length, expected.length));
    }
    if (expected.length == 0) {
      return failed("the reference has no values");
    }
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!Float.isFinite(actual[i]) || !Float.isFinite(expected[i])) {
        return failed(
            "value %d is computed as %s where the reference has %s"
                .formatted(i, actual[i], expected[i]));
      }
      scale = Math.max(scale, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]) - rounding);
    }
    return difference(scale == 0 ? difference : difference / scale);
  }

  Finding remark(String text) {
    return new Finding(ok, difference, detail.isEmpty() ? text : detail + "; " + text);
  }
}
