package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;

/**
 * What an image may cost. A decoded pixel takes 6 bytes at the peak, 12 for a progressive JPEG.
 *
 * @param maxBytes encoded bytes
 * @param maxPixels width times height, as the header announces them
 * @param maxSide width or height
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxSide) {

  /** 32 MiB encoded, 64 megapixels, 32,768 pixels a side. */
  public static final ImageLimits DEFAULT = new ImageLimits(32L << 20, 64_000_000, 32_768);

  public ImageLimits {
    if (maxBytes <= 0 || maxPixels <= 0 || maxSide <= 0) {
      throw new IllegalArgumentException("image limits must be above 0");
    }
    // An image's bytes lie in one array.
    maxPixels = Math.min(maxPixels, (Integer.MAX_VALUE - 8) / RgbImage.CHANNELS);
  }

  void requireBytes(long bytes) throws UnreadableImageException {
    if (bytes > maxBytes) {
      throw new UnreadableImageException(
          Reason.TOO_MANY_BYTES,
          "the image has %d bytes, over the limit of %d".formatted(bytes, maxBytes));
    }
  }

  /** To be called with the header's sizes before anything is allocated for them. */
  void requireSize(long width, long height) throws UnreadableImageException {
    if (width <= 0 || height <= 0) {
      throw new UnreadableImageException(
          Reason.TRUNCATED_OR_CORRUPT,
          "the header announces %d x %d pixels".formatted(width, height));
    }
    if (width > maxSide || height > maxSide || width * height > maxPixels) {
      throw new UnreadableImageException(
          Reason.TOO_MANY_PIXELS,
          "the header announces %d x %d pixels, over the limit of %d in all and %d a side"
              .formatted(width, height, maxPixels, maxSide));
    }
  }
}
