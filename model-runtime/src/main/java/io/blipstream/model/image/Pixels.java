package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/**
 * Samples of a decoded image as they were stored, without Java's colour management: {@code
 * BufferedImage.getRGB} would shift every grey by a gamma that the reference does not apply.
 */
final class Pixels {

  private static final int MAX = 255;

  private Pixels() {}

  /**
   * 8-bit RGB as Pillow's {@code convert("RGB")} gives it: alpha dropped, grey repeated, fewer bits
   * scaled to 0..255. Of 16 bits the upper 8 are taken, but plain grey is clipped at 255.
   */
  static RgbImage rgb(BufferedImage image) throws UnreadableImageException {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
      return swapped(image);
    }
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int height = image.getHeight();
    Row row = row(image);
    int[] samples = new int[width * raster.getNumBands()];
    byte[] out = new byte[width * height * RgbImage.CHANNELS];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, samples);
      row.write(samples, out, y * width * RgbImage.CHANNELS);
    }
    return new RgbImage(width, height, out);
  }

  /** Turns a row of raw samples, pixel by pixel, into RGB. */
  @FunctionalInterface
  private interface Row {
    void write(int[] samples, byte[] out, int offset);
  }

  private static Row row(BufferedImage image) throws UnreadableImageException {
    SampleModel model = image.getSampleModel();
    int bands = model.getNumBands();
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return paletteRow(palette);
    }
    return switch (bands) {
      case 1, 2 -> greyRow(bands, model.getSampleSize(0));
      case 3, 4 -> colourRow(bands, model.getSampleSize());
      default -> throw ImageDecoder.unsupported("an image of " + bands + " channels is not read");
    };
  }

  /** An index beyond the palette is black, as in Pillow. */
  private static Row paletteRow(IndexColorModel palette) {
    byte[][] channels = new byte[RgbImage.CHANNELS][MAX + 1];
    palette.getReds(channels[0]);
    palette.getGreens(channels[1]);
    palette.getBlues(channels[2]);
    int size = palette.getMapSize();
    return (samples, out, offset) -> {
      int at = offset;
      for (int index : samples) {
        for (byte[] channel : channels) {
          out[at++] = index < size ? channel[index] : 0;
        }
      }
    };
  }

  private static Row greyRow(int bands, int bits) {
    boolean clip = bits == 16 && bands == 1;
    return (samples, out, offset) -> {
      int at = offset;
      for (int i = 0; i < samples.length; i += bands) {
        byte grey = clip ? (byte) Math.min(samples[i], MAX) : to8(samples[i], bits);
        out[at++] = grey;
        out[at++] = grey;
        out[at++] = grey;
      }
    };
  }

  private static Row colourRow(int bands, int[] bits) {
    return (samples, out, offset) -> {
      int at = offset;
      for (int i = 0; i < samples.length; i += bands) {
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
          out[at++] = to8(samples[i + channel], bits[channel]);
        }
      }
    };
  }

  private static byte to8(int sample, int bits) {
    if (bits == 8) {
      return (byte) sample;
    }
    return (byte) (bits > 8 ? sample >> (bits - 8) : sample * MAX / ((1 << bits) - 1));
  }

  /** The common case, without a copy: the image is ours alone, so red and blue change places. */
  private static RgbImage swapped(BufferedImage image) {
    byte[] bytes = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < bytes.length; i += RgbImage.CHANNELS) {
      byte blue = bytes[i];
      bytes[i] = bytes[i + 2];
      bytes[i + 2] = blue;
    }
    return new RgbImage(image.getWidth(), image.getHeight(), bytes);
  }
}
