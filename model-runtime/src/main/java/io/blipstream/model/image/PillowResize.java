package io.blipstream.model.image;

/**
 * Pillow's bicubic {@code resize} for 8-bit RGB, bit for bit.
 *
 * <p>What must hold, or some pixel of some image comes out one off:
 *
 * <ul>
 *   <li>The weights are {@link PillowWeights}; a sample is the sum started at one half, shifted
 *       right arithmetically, clamped to 0..255. The sum stays within an int: weights are below 1.3
 *       in total magnitude.
 *   <li>There are two passes with 8-bit samples between them, horizontal first; a pass whose size
 *       does not change is left out.
 *   <li>Since Pillow 12.2 the vertical pass comes first if the height shrinks and is more than 100
 *       times the width.
 * </ul>
 *
 * <p>Both passes add up lines of whole pixels, {@link PixelSums}, which the compiler turns into
 * vector instructions: rows in the vertical pass, and in the horizontal one the columns of a block
 * of rows that is turned on its side first.
 *
 * <p>Source: Pillow's {@code Resample.c}.
 */
public final class PillowResize {

  /** Above this ratio of height to width Pillow shrinks vertically first. */
  private static final int TALL = 100;

  /**
   * Pixels of a turned block: 256 KiB, which stay in a core's cache while they are worked through.
   */
  private static final int BLOCK_PIXELS = 1 << 16;

  /** Rows turned in one go: their pixels of one column fill a cache line. */
  private static final int LINE = 16;

  private static final int MOST_ROWS = 256;

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
    PillowWeights weights = new PillowWeights(image.width(), width);
    int rows = rowsOfABlock(image.width(), image.height());
    int[][] columns = new int[image.width()][rows];
    int[][] resized = new int[width][rows];
    PixelSums sums = new PixelSums(rows);
    byte[] out = new byte[image.height() * width * RgbImage.CHANNELS];
    for (int top = 0; top < image.height(); top += rows) {
      int count = Math.min(rows, image.height() - top);
      turn(image, top, count, columns);
      for (int x = 0; x < width; x++) {
        sums.add(columns, weights, x);
        sums.write(resized[x]);
      }
      turnBack(resized, count, out, top, width);
    }
    return new RgbImage(width, image.height(), out);
  }

  private static int rowsOfABlock(int width, int height) {
    int rows = Math.min(MOST_ROWS, Math.min(height, BLOCK_PIXELS / width));
    return Math.max(LINE, (rows + LINE - 1) / LINE * LINE);
  }

  /** A block of rows as columns, [W, rows]; behind the image's last row old pixels stay. */
  private static void turn(RgbImage image, int top, int count, int[][] columns) {
    int width = image.width();
    byte[] rgb = image.rgb();
    for (int from = 0; from < count; from += LINE) {
      int to = Math.min(count, from + LINE);
      for (int x = 0; x < width; x++) {
        int pixel = (top + from) * width + x;
        for (int y = from; y < to; y++, pixel += width) {
          columns[x][y] = PackedPixels.read(rgb, pixel);
        }
      }
    }
  }

  private static void turnBack(int[][] columns, int count, byte[] out, int top, int width) {
    for (int y = 0; y < count; y++) {
      int pixel = (top + y) * width;
      for (int x = 0; x < width; x++) {
        PackedPixels.write(columns[x][y], out, pixel + x);
      }
    }
  }

  private static RgbImage vertical(RgbImage image, int height) {
    if (height == image.height()) {
      return image;
    }
    PillowWeights weights = new PillowWeights(image.height(), height);
    int width = image.width();
    // A row is unpacked once and kept until the last sum that needs it.
    int[][] rows = new int[weights.most()][width];
    int unpacked = 0;
    PixelSums sums = new PixelSums(width);
    int[] row = new int[width];
    byte[] out = new byte[height * width * RgbImage.CHANNELS];
    for (int y = 0; y < height; y++) {
      int first = weights.first(y);
      for (unpacked = Math.max(unpacked, first); unpacked < first + weights.count(y); unpacked++) {
        PackedPixels.read(image.rgb(), unpacked * width, rows[unpacked % rows.length]);
      }
      sums.add(rows, weights, y);
      sums.write(row);
      for (int x = 0; x < width; x++) {
        PackedPixels.write(row[x], out, y * width + x);
      }
    }
    return new RgbImage(width, height, out);
  }
}
