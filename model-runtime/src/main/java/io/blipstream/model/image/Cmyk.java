package io.blipstream.model.image;

/** CMYK samples to RGB in Pillow's arithmetic, without a colour profile. */
final class Cmyk {

  static final int CHANNELS = 4;
  private static final int MAX = 255;
  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private Cmyk() {}

  /** Writes one pixel; samples from 0 (no ink) to 255. */
  static void write(int cyan, int magenta, int yellow, int black, byte[] rgb, int at) {
    int light = MAX - black;
    rgb[at] = (byte) (light - scaled(cyan, light));
    rgb[at + 1] = (byte) (light - scaled(magenta, light));
    rgb[at + 2] = (byte) (light - scaled(yellow, light));
  }

  /** a · b / 255, rounded to the nearest. */
  private static int scaled(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  /**
   * A row of a JPEG's four components.
   *
   * @param samples as stored, changed here
   * @param ycck luma and chroma of the inks' complement, as Adobe writes it
   * @param inverted 255 means no ink; Pillow takes every CMYK JPEG so, as Photoshop writes it
   */
  static void writeRow(int[] samples, boolean ycck, boolean inverted, byte[] rgb, int offset) {
    int at = offset;
    for (int i = 0; i < samples.length; i += CHANNELS, at += RgbImage.CHANNELS) {
      if (ycck) {
        toInks(samples, i);
      }
      int flip = inverted ? MAX : 0;
      write(
          samples[i] ^ flip,
          samples[i + 1] ^ flip,
          samples[i + 2] ^ flip,
          samples[i + 3] ^ flip,
          rgb,
          at);
    }
  }

  /** libjpeg's ycck_cmyk_convert: the same tables and rounding as its YCbCr to RGB. */
  private static void toInks(int[] samples, int i) {
    int luma = samples[i];
    int blue = samples[i + 1] - 128;
    int red = samples[i + 2] - 128;
    samples[i] = ink(luma + ((91881 * red + HALF) >> FRACTION_BITS));
    samples[i + 1] = ink(luma + ((-22554 * blue - 46802 * red + HALF) >> FRACTION_BITS));
    samples[i + 2] = ink(luma + ((116130 * blue + HALF) >> FRACTION_BITS));
  }

  private static int ink(int light) {
    return MAX - Math.max(0, Math.min(MAX, light));
  }
}
