package io.blipstream.model.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A pixel in an int: red in the lowest byte, then green, then blue; what is in the highest does not
 * count. One access to memory a pixel, where bytes take three.
 */
final class PackedPixels {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedPixels() {}

  /** The pixel of this index, of bytes [.., 3]. */
  static int read(byte[] rgb, int pixel) {
    int at = pixel * RgbImage.CHANNELS;
    // One byte more than the pixel has; before the last pixel's there is none too many.
    return at + Integer.BYTES <= rgb.length
        ? (int) INT.get(rgb, at)
        : (rgb[at] & 0xff) | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff) << 16;
  }

  /** As many pixels as the array takes, from this index on. */
  static void read(byte[] rgb, int pixel, int[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = read(rgb, pixel + i);
    }
  }

  /** Writes the pixel of this index and spoils the byte behind it: the next pixel comes next. */
  static void write(int packed, byte[] rgb, int pixel) {
    int at = pixel * RgbImage.CHANNELS;
    if (at + Integer.BYTES <= rgb.length) {
      INT.set(rgb, at, packed);
    } else {
      rgb[at] = (byte) packed;
      rgb[at + 1] = (byte) (packed >>> 8);
      rgb[at + 2] = (byte) (packed >>> 16);
    }
  }
}
