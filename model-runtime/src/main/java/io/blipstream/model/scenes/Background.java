package io.blipstream.model.scenes;

/** What a scene is painted on. Its words are never the word of a {@link Colour}. */
public enum Background {
  WHITE(0xF6F6F4),
  GRAY(0x9AA0A6),
  CREAM(0xF7EBCD),
  MINT(0xC8F0DC),
  NAVY(0x141C3A);

  private final int rgb;

  Background(int rgb) {
    this.rgb = rgb;
  }

  /** The word for this background in captions. */
  public String word() {
    return Words.of(this);
  }

  /** Nominal colour, 0xRRGGBB; the painter varies it a little from scene to scene. */
  int rgb() {
    return rgb;
  }
}
