package io.blipstream.model.image;

import java.util.Arrays;

/**
 * Weighted sums of lines of {@link PackedPixels}, a sum for each place of a line and each channel.
 *
 * <p>The loops are written so that C2 makes vector instructions of them: ints only (it converts no
 * bytes), no branch, every line an array of its own (with places in one common array it gives up,
 * and is 6 times slower), several lines in a pass so that sums are not loaded and stored for each.
 */
final class PixelSums {

  /** Lines added in one pass. */
  private static final int LINES = 4;

  private static final int HALF = 1 << (PillowWeights.PRECISION_BITS - 1);
  private static final int GREEN = 8;
  private static final int BLUE = 16;
  private static final int MAX = 255;

  private final int[] red;
  private final int[] green;
  private final int[] blue;

  PixelSums(int length) {
    red = new int[length];
    green = new int[length];
    blue = new int[length];
  }

  /**
   * Sums up what counts for one output of an axis.
   *
   * @param lines the axis's inputs, or the last of them: input i is line i modulo their number
   */
  void add(int[][] lines, PillowWeights weights, int output) {
    // One half, so that the shift at the end rounds.
    Arrays.fill(red, HALF);
    Arrays.fill(green, HALF);
    Arrays.fill(blue, HALF);
    int first = weights.first(output);
    for (int k = 0; k < weights.count(output); k += LINES) {
      // Beyond the last that counts, weights are 0 and any line will do.
      int[] a = lines[(first + k) % lines.length];
      int[] b = lines[(first + k + 1) % lines.length];
      int[] c = lines[(first + k + 2) % lines.length];
      int[] d = lines[(first + k + 3) % lines.length];
      int weightA = weights.fixed(output, k);
      int weightB = weights.fixed(output, k + 1);
      int weightC = weights.fixed(output, k + 2);
      int weightD = weights.fixed(output, k + 3);
      add(red, a, b, c, d, weightA, weightB, weightC, weightD, 0);
      add(green, a, b, c, d, weightA, weightB, weightC, weightD, GREEN);
      add(blue, a, b, c, d, weightA, weightB, weightC, weightD, BLUE);
    }
  }

  private static void add(
      int[] sums,
      int[] a,
      int[] b,
      int[] c,
      int[] d,
      int weightA,
      int weightB,
      int weightC,
      int weightD,
      int shift) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] +=
          ((a[i] >>> shift) & MAX) * weightA
              + ((b[i] >>> shift) & MAX) * weightB
              + ((c[i] >>> shift) & MAX) * weightC
              + ((d[i] >>> shift) & MAX) * weightD;
    }
  }

  /** The sums as pixels, clamped to 0..255. */
  void write(int[] out) {
    for (int i = 0; i < red.length; i++) {
      out[i] = clamp(red[i]) | (clamp(green[i]) << GREEN) | (clamp(blue[i]) << BLUE);
    }
  }

  /** Without a branch: a negative sum is masked out, one above the maximum fills all bits. */
  private static int clamp(int sum) {
    int value = sum >> PillowWeights.PRECISION_BITS;
    return ((value & ~(value >> 31)) | ((MAX - value) >> 31)) & MAX;
  }
}
