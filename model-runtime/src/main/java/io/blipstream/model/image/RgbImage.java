package io.blipstream.model.image;

/**
 * A decoded image: red, green, blue, 8 bits each, row by row ([H, W, 3]).
 *
 * <p>The bytes are shared and not copied, since an image may be large: whoever hands them over or
 * takes them leaves them alone.
 */
public final class RgbImage {

  static final int CHANNELS = 3;

  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * Wraps bytes without copying them.
   *
   * @throws IllegalArgumentException if there are not width · height · 3 bytes
   */
  public RgbImage(int width, int height, byte[] rgb) {
    if (width <= 0 || height <= 0 || rgb.length != (long) width * height * CHANNELS) {
      throw new IllegalArgumentException(
          "%d bytes are no RGB image of %d x %d".formatted(rgb.length, width, height));
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The pixels, [H, W, 3]; not to be changed. */
  public byte[] rgb() {
    return rgb;
  }
}
