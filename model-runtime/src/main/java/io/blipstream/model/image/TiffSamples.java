package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;

/** How the samples of a TIFF's pixel become RGB: Pillow's modes and their convert("RGB"). */
final class TiffSamples {

  static final int WHITE_IS_ZERO = 0;
  static final int BLACK_IS_ZERO = 1;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int CMYK = 5;
  static final int YCBCR = 6;

  private static final int WHOLE = 1;
  private static final int SIGNED = 2;
  private static final int FLOATING = 3;
  private static final int MAX = 255;

  private final int photometric;
  private final int bits;
  private final int format;
  private final int count;
  private final boolean associatedAlpha;
  private final long[] palette;

  /**
   * Describes samples.
   *
   * @param photometric what samples mean, by TIFF's numbers
   * @param bits bits of a sample
   * @param format by TIFF's numbers: whole, whole with a sign, floating
   * @param count samples of a pixel
   * @param associatedAlpha the colours are multiplied with the fourth sample, an alpha
   * @param palette the reds, then greens, then blues, 16 bits each; empty if there is none
   */
  TiffSamples(
      int photometric, int bits, int format, int count, boolean associatedAlpha, long[] palette) {
    this.photometric = photometric;
    this.bits = bits;
    this.format = format;
    this.count = count;
    this.associatedAlpha = associatedAlpha && count > RgbImage.CHANNELS;
    this.palette = palette;
  }

  /** Refuses what is not read, by name. */
  void require() throws UnreadableImageException {
    int least =
        switch (photometric) {
          case WHITE_IS_ZERO, BLACK_IS_ZERO, PALETTE -> 1;
          case RGB, YCBCR -> RgbImage.CHANNELS;
          case CMYK -> Cmyk.CHANNELS;
          default ->
              throw ImageDecoder.unsupported(
                  "a TIFF of colour space " + photometric + " (as Lab) is not read");
        };
    boolean fits =
        switch (bits) {
          case 1, 2, 4 -> least == 1 && count == 1 && format == WHOLE;
          case 8 -> format == WHOLE || format == SIGNED;
          case 16 ->
              photometric != PALETTE && (format == WHOLE || (format == SIGNED && least == 1));
          case 32 -> photometric <= BLACK_IS_ZERO && format <= FLOATING;
          default -> false;
        };
    if (!fits || count < least) {
      throw ImageDecoder.unsupported(
          "a TIFF of %d samples of %d bits, sample format %d, in colour space %d is not read"
              .formatted(count, bits, format, photometric));
    }
  }

  /** Writes pixels of a row of samples, the first ones. */
  void write(int[] samples, int pixels, byte[] rgb, int offset) {
    int at = offset;
    for (int i = 0; i < pixels * count; i += count, at += RgbImage.CHANNELS) {
      switch (photometric) {
        case PALETTE -> {
          int colours = palette.length / RgbImage.CHANNELS;
          for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            rgb[at + channel] = (byte) (palette[channel * colours + samples[i]] >> 8);
          }
        }
        case RGB -> {
          for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            int sample = eight(samples[i + channel]);
            rgb[at + channel] =
                (byte) (associatedAlpha ? divided(sample, eight(samples[i + 3])) : sample);
          }
        }
        case CMYK ->
            Cmyk.write(
                eight(samples[i]),
                eight(samples[i + 1]),
                eight(samples[i + 2]),
                eight(samples[i + 3]),
                rgb,
                at);
        default -> {
          byte grey = (byte) grey(samples[i]);
          rgb[at] = grey;
          rgb[at + 1] = grey;
          rgb[at + 2] = grey;
        }
      }
    }
  }

  /** More than 8 bits are clipped to 0..255, not scaled, and never turned round. */
  private int grey(int sample) {
    if (bits <= 8) {
      int scaled = sample * (MAX / ((1 << bits) - 1));
      return photometric == WHITE_IS_ZERO ? MAX - scaled : scaled;
    }
    double value;
    if (format == FLOATING) {
      value = Float.intBitsToFloat(sample);
    } else if (bits == 16 && format == SIGNED) {
      value = (short) sample;
    } else {
      value = sample; // 32 bits: with a sign in any case, as Pillow takes them
    }
    return (int) Math.max(0, Math.min(MAX, value));
  }

  /** Of 16 bits the upper 8. */
  private int eight(int sample) {
    return bits == 16 ? sample >> 8 : sample;
  }

  private static int divided(int sample, int alpha) {
    return alpha == 0 || alpha == MAX ? sample * alpha / MAX : Math.min(MAX, sample * MAX / alpha);
  }
}
