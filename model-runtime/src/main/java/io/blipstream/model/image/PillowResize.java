package io.blipstream.model.image;

import java.util.Arrays;

/**
 * Pillow's bicubic {@code resize} for 8-bit RGB, bit for bit.
 *
 * <p>What must hold, or some pixel of some image comes out one off:
 *
 * <ul>
 *   <li>Weights are computed in double, in the order of operations below, without fused
 *       multiply-add (Java never fuses on its own), and normalised by their sum taken in order.
 *   <li>Weights become fixed point with 22 bits by rounding half away from zero; a sample is the
 *       sum started at one half, shifted right arithmetically, clamped to 0..255. The sum stays
 *       within an int: weights are below 1.3 in total magnitude.
 *   <li>There are two passes with 8-bit samples between them, horizontal first; a pass whose size
 *       does not change is left out.
 *   <li>Since Pillow 12.2 the vertical pass comes first if the height shrinks and is more than 100
 *       times the width.
 *   <li>When shrinking, the kernel is stretched by the scale (antialiasing).
 * </ul>
 *
 * <p>Source: Pillow's {@code Resample.c}; Keys 1981 for the kernel, with a = -0.5.
 */
public final class PillowResize {

  private static final int PRECISION_BITS = 22;
  private static final int HALF = 1 << (PRECISION_BITS - 1);
  private static final double A = -0.5;
  private static final double KERNEL_SUPPORT = 2.0;

  /** Above this ratio of height to width Pillow shrinks vertically first. */
  private static final int TALL = 100;

  private PillowResize() {}

  /** Resizes to exactly the given size, whatever the aspect ratio. */
  public static RgbImage bicubic(RgbImage image, int width, int height) {
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("cannot resize to %d x %d".formatted(width, height));
    }
    boolean verticalFirst = image.height() > (long) TALL * image.width() && height < image.height();
    return verticalFirst
        ? horizontal(vertical(image, height), width)
        : vertical(horizontal(image, width), height);
  }

  private static RgbImage horizontal(RgbImage image, int width) {
    if (width == image.width()) {
      return image;
    }
    Weights weights = new Weights(image.width(), width);
    byte[] in = image.rgb();
    byte[] out = new byte[image.height() * width * RgbImage.CHANNELS];
    int inStride = image.width() * RgbImage.CHANNELS;
    int at = 0;
    for (int y = 0; y < image.height(); y++) {
      int row = y * inStride;
      for (int x = 0; x < width; x++) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int sample = row + weights.first[x] * RgbImage.CHANNELS;
        int end = weights.start(x) + weights.count[x];
        for (int k = weights.start(x); k < end; k++) {
          int weight = weights.fixed[k];
          red += (in[sample] & 0xff) * weight;
          green += (in[sample + 1] & 0xff) * weight;
          blue += (in[sample + 2] & 0xff) * weight;
          sample += RgbImage.CHANNELS;
        }
        out[at++] = clamp(red);
        out[at++] = clamp(green);
        out[at++] = clamp(blue);
      }
    }
    return new RgbImage(width, image.height(), out);
  }

  private static RgbImage vertical(RgbImage image, int height) {
    if (height == image.height()) {
      return image;
    }
    Weights weights = new Weights(image.height(), height);
    byte[] in = image.rgb();
    int stride = image.width() * RgbImage.CHANNELS;
    byte[] out = new byte[height * stride];
    // A row of sums at a time, so that the inner loop runs along memory.
    int[] sums = new int[stride];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < weights.count[y]; k++) {
        int weight = weights.fixed[weights.start(y) + k];
        int row = (weights.first[y] + k) * stride;
        for (int x = 0; x < stride; x++) {
          sums[x] += (in[row + x] & 0xff) * weight;
        }
      }
      int row = y * stride;
      for (int x = 0; x < stride; x++) {
        out[row + x] = clamp(sums[x]);
      }
    }
    return new RgbImage(image.width(), height, out);
  }

  private static byte clamp(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
  }

  /** For each output position of an axis, which inputs count and how much. */
  private static final class Weights {

    final int[] first;
    final int[] count;
    final int[] fixed;
    private final int stride;

    Weights(int in, int out) {
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
          fixed[start(i) + j] = toFixed(sum == 0 ? weights[j] : weights[j] / sum);
        }
      }
    }

    int start(int i) {
      return i * stride;
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
}
