package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;

/**
 * How a stored image must be turned to stand upright, by the eight values of EXIF's and TIFF's
 * orientation tag.
 */
record Orientation(int value) {

  static final Orientation UPRIGHT = new Orientation(1);
  private static final int TAG = 274;

  /** What a directory says; upright if it says nothing, or nothing that is known. */
  static Orientation of(TiffDirectory tags) throws UnreadableImageException {
    return of(tags.value(TAG, 1));
  }

  static Orientation of(long value) {
    return value >= 1 && value <= 8 ? new Orientation((int) value) : UPRIGHT;
  }

  static boolean isIn(TiffDirectory tags) {
    return tags.has(TAG);
  }

  /** The image upright; the same object if it is. */
  RgbImage apply(RgbImage image) {
    if (value == 1) {
      return image;
    }
    boolean turned = value >= 5;
    int width = turned ? image.height() : image.width();
    int height = turned ? image.width() : image.height();
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += RgbImage.CHANNELS) {
        int column = turned ? y : x;
        int row = turned ? x : y;
        // Which stored sides are the upright image's left and top.
        if (value == 2 || value == 3 || value == 7 || value == 8) {
          column = image.width() - 1 - column;
        }
        if (value == 3 || value == 4 || value == 6 || value == 7) {
          row = image.height() - 1 - row;
        }
        int source = (row * image.width() + column) * RgbImage.CHANNELS;
        to[at] = from[source];
        to[at + 1] = from[source + 1];
        to[at + 2] = from[source + 2];
      }
    }
    return new RgbImage(width, height, to);
  }
}
