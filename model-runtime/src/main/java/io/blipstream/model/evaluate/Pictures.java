package io.blipstream.model.evaluate;

import java.util.Locale;

/**
 * What files scenes are painted into.
 *
 * @param format of the file
 * @param side of the square picture, in pixels
 */
public record Pictures(Format format, int side) {

  /** As the demo feeds them. */
  public static final Pictures DEMO = new Pictures(Format.PNG, 192);

  public Pictures {
    if (side < 1) {
      throw new IllegalArgumentException("a picture has 1 pixel a side or more, not " + side);
    }
  }

  /** Of the JDK's writers; JPEG at its quality of 75. */
  public enum Format {
    PNG,
    JPEG;

    String writer() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
