package io.blipstream.model.scenes;

/**
 * One to three alike things of a scene.
 *
 * @param count 1 to {@value #MOST}
 */
public record Group(Kind kind, Colour colour, Size size, int count) {
  /** The most alike things that a scene shows. */
  public static final int MOST = 3;

  public Group {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "A group has 1 to " + MOST + " things, not " + count + ": choose a count in that range.");
    }
  }
}
