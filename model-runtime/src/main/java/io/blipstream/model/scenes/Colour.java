package io.blipstream.model.scenes;

/**
 * The colours a thing can have. They are far apart from one another and from every {@link
 * Background}, so that a wrong colour in a caption is a mistake and not a matter of taste.
 */
public enum Colour {
  RED(0xDC2323),
  ORANGE(0xFA8C14),
  YELLOW(0xFADC1E),
  GREEN(0x1E9632),
  BLUE(0x235AE6),
  PURPLE(0x8228BE),
  PINK(0xFF78B4),
  BROWN(0x7D461E);

  private final int rgb;

  Colour(int rgb) {
    this.rgb = rgb;
  }

  /** The word for this colour in captions. */
  public String word() {
    return Words.of(this);
  }

  /** Nominal colour, 0xRRGGBB; the painter varies it a little from thing to thing. */
  int rgb() {
    return rgb;
  }
}
