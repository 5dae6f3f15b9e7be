package io.blipstream.model.scenes;

/**
 * The kinds of things a scene can show. Every kind has a silhouette of its own (see {@link
 * Silhouettes}) that stays recognisable at about 20 pixels.
 */
public enum Kind {
  CIRCLE,
  SQUARE,
  TRIANGLE,
  STAR,
  HEART,
  RING,
  CROSS,
  ARROW,
  MOON,
  CLOUD,
  TREE,
  HOUSE,
  CUP,
  KEY,
  CAR,
  FISH,
  FLOWER,
  LADDER,
  BOLT,
  MUSHROOM;

  /** The noun for one thing of this kind. */
  public String word() {
    return Words.of(this);
  }

  /** The noun for several. */
  public String plural() {
    return switch (this) {
      case CROSS, FISH -> word() + "es";
      default -> word() + "s";
    };
  }
}
