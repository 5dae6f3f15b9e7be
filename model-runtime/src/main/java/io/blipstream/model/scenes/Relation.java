package io.blipstream.model.scenes;

import java.util.List;

/** Where the thing named first lies, seen from the thing named second. */
public enum Relation {
  LEFT_OF("left of"),
  RIGHT_OF("right of"),
  ABOVE("above"),
  BELOW("below");

  private final String phrase;

  Relation(String phrase) {
    this.phrase = phrase;
  }

  /** The words between the two things in a caption. */
  public String phrase() {
    return phrase;
  }

  /** The same arrangement told from the other side. */
  public Relation opposite() {
    return switch (this) {
      case LEFT_OF -> RIGHT_OF;
      case RIGHT_OF -> LEFT_OF;
      case ABOVE -> BELOW;
      case BELOW -> ABOVE;
    };
  }

  /** The words that may appear in a phrase. */
  static List<String> words() {
    return List.of("left", "right", "of", "above", "below");
  }
}
