package io.blipstream.model.image;

/**
 * For each output position of an axis, which inputs count and how much, as Pillow has it.
 *
 * <p>Weights are computed in double, in the order of operations below, without fused multiply-add
 * (Java never fuses on its own), and normalised by their sum taken in order. They become fixed
 * point with 22 bits by rounding half away from zero. When shrinking, the kernel is stretched by
 * the scale (antialiasing).
 *
 * <p>Source: Pillow's {@code Resample.c}; Keys 1981 for the kernel, with a = -0.5.
 */
final class PillowWeights {

  static final int PRECISION_BITS = 22;

  private static final double A = -0.5;
  private static final double KERNEL_SUPPORT = 2.0;

  private final int[] first;
  private final int[] count;
  private final int[] fixed;
  private final int stride;

  PillowWeights(int in, int out) {
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1.0);
    double support = KERNEL_SUPPORT * filterScale;
    double inverse = 1.0 / filterScale;
    stride = (int) Math.ceil(support) * 2 + 1;
    first = new int[out];
    count = new int[out];
    fixed = new int[out * stride];
    double[] weights = new double[stride];
    for (int i = 0; i < out; i++) {
      double center = (i + 0.5) * scale;
      first[i] = Math.max(0, (int) (center - support + 0.5));
      count[i] = Math.min(in, (int) (center + support + 0.5)) - first[i];
      double sum = 0;
      for (int j = 0; j < count[i]; j++) {
        weights[j] = kernel((j + first[i] - center + 0.5) * inverse);
        sum += weights[j];
      }
      for (int j = 0; j < count[i]; j++) {
        fixed[i * stride + j] = toFixed(sum == 0 ? weights[j] : weights[j] / sum);
      }
    }
  }

  /** The first input that counts for this output. */
  int first(int out) {
    return first[out];
  }

  /** How many inputs count for it, from the first on. */
  int count(int out) {
    return count[out];
  }

  /** The weight of input {@code first(out) + k}; 0 from {@code count(out)} on. */
  int fixed(int out, int k) {
    return k < count[out] ? fixed[out * stride + k] : 0;
  }

  /** How many inputs count for an output at most. */
  int most() {
    return stride;
  }

  private static int toFixed(double weight) {
    double scaled = weight * (1 << PRECISION_BITS);
    return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
  }

  private static double kernel(double signed) {
    double x = Math.abs(signed);
    if (x < 1.0) {
      return ((A + 2.0) * x - (A + 3.0)) * x * x + 1;
    }
    if (x < 2.0) {
      return (((x - 5) * x + 8) * x - 4) * A;
    }
    return 0.0;
  }
}
