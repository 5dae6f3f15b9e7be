package io.blipstream.model.image;

import io.blipstream.model.checkpoint.ImagePreprocessing;
import java.util.Arrays;

/**
 * The size that a decoded image will be resized to, for decoders that can give fewer pixels at less
 * cost.
 *
 * <p>libjpeg scales by powers of two while it decodes: a block of 8 x 8 pixels comes out of the
 * inverse cosine transform with 4, 2 or 1 a side.
 *
 * @param width pixels
 * @param height pixels
 */
public record TargetSize(int width, int height) {

  /** Of libjpeg's scales, as divisors. */
  private static final int[] REDUCTIONS = {8, 4, 2};

  public TargetSize {
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("there is no size of %d x %d".formatted(width, height));
    }
  }

  /** What is large enough for each of several models. */
  public static TargetSize largest(ImagePreprocessing... models) {
    return new TargetSize(
        Arrays.stream(models).mapToInt(ImagePreprocessing::width).max().orElseThrow(),
        Arrays.stream(models).mapToInt(ImagePreprocessing::height).max().orElseThrow());
  }

  /** Large enough whichever way the image is turned after it is decoded. */
  TargetSize turnedEitherWay() {
    int side = Math.max(width, height);
    return new TargetSize(side, side);
  }

  /**
   * By how much an image of this size may be divided on both sides and still be no smaller than the
   * target on either.
   *
   * @return 1, 2, 4 or 8
   */
  int reduction(int imageWidth, int imageHeight) {
    for (int reduction : REDUCTIONS) {
      if (imageWidth / reduction >= width && imageHeight / reduction >= height) {
        return reduction;
      }
    }
    return 1;
  }
}
