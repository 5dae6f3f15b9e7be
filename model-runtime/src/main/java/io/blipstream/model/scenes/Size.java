package io.blipstream.model.scenes;

/** How much of its room a thing fills. Captions say small and big; medium goes without saying. */
public enum Size {
  SMALL(0.38, 0.62),
  MEDIUM(0.50, 0.78),
  BIG(0.64, 0.94);

  private final double alone;
  private final double shared;

  Size(double alone, double shared) {
    this.alone = alone;
    this.shared = shared;
  }

  /** The word for this size in captions. */
  public String word() {
    return Words.of(this);
  }

  /** Side of the thing as a share of its room; a thing alone has the whole picture as its room. */
  double share(boolean isAlone) {
    return isAlone ? alone : shared;
  }
}
