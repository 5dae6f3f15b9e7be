package io.blipstream.app.cli.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers for people: as many digits as mean something. */
final class Numbers {

  private static final int DIGITS = 3;

  private Numbers() {}

  /** Three significant digits; whole numbers stay whole. */
  static String shortest(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    return rounded(value, DIGITS).toPlainString();
  }

  /** For a file: enough digits that nothing measured is lost. */
  static double stored(double value) {
    return Double.isFinite(value) ? rounded(value, 2 * DIGITS).doubleValue() : 0;
  }

  private static BigDecimal rounded(double value, int digits) {
    BigDecimal exact = BigDecimal.valueOf(value);
    int whole = Math.max(0, exact.precision() - exact.scale());
    BigDecimal rounded =
        exact.round(new MathContext(Math.max(digits, whole), RoundingMode.HALF_UP));
    BigDecimal plain = rounded.stripTrailingZeros();
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }
}
