package io.blipstream.model.checkpoint;

/**
 * Conversions between 32-bit floats and the 16-bit kinds that checkpoints hold; the JDK has its own
 * from version 20 on.
 */
public final class HalfPrecision {

  /** Largest finite IEEE 754 binary16. */
  static final float MAX_F16 = 65504f;

  /** From this magnitude on, rounding to nearest gives infinity. */
  private static final float F16_OVERFLOW = 65520f;

  private HalfPrecision() {}

  /** IEEE 754 binary16 to binary32, exact. */
  static float fromF16(short half) {
    int bits = half & 0xffff;
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0) {
      // Zero and subnormals: mantissa times 2^-24, exact in binary32.
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | (wide << 23) | (mantissa << 13));
  }

  /** bfloat16 to binary32, exact: it is the upper half of one. */
  static float fromBf16(short half) {
    return Float.intBitsToFloat(half << 16);
  }

  /** binary32 to the nearest binary16, ties to even; overflow becomes infinity. */
  public static short toF16(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= F16_OVERFLOW) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) {
      // Subnormal: the scaled value is exact, and rint rounds ties to even; 1024 carries rightly.
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int bits = Float.floatToRawIntBits(magnitude) - (112 << 23);
    int rounded = bits + 0xfff + ((bits >>> 13) & 1);
    return (short) (sign | (rounded >>> 13));
  }
}
