package io.blipstream.model.scenes;

import io.blipstream.model.scenes.Scene.Arrangement;
import java.util.List;

/**
 * An endless, numbered supply of scenes: scene {@code index} of a seed is always the same.
 *
 * <p>The full world has one group of one to three things (60%) or two groups (40%), of any kind,
 * colour and size on any background. A curriculum mixes in easy scenes, which show one big thing.
 */
public final class SceneGenerator {
  private static final long STREAM = 1;

  private static final double TWO_GROUPS = 0.4;

  /** Counts 1, 2, 3 of a single group. */
  private static final double[] COUNTS_ALONE = {0.6, 0.24, 0.16};

  /** A group of a pair is mostly one thing, else two. */
  private static final double[] COUNTS_PAIRED = {0.85, 0.15};

  /** Small, medium, big. */
  private static final double[] SIZES = {0.2, 0.35, 0.45};

  private final long seed;

  public SceneGenerator(long seed) {
    this.seed = seed;
  }

  /** Scene {@code index} of the full world. */
  public Scene scene(long index) {
    return scene(index, 1);
  }

  /**
   * Scene {@code index} of a curriculum.
   *
   * @param difficulty 0 to 1: the share of scenes taken from the full world; the others show one
   *     big thing
   */
  public Scene scene(long index, double difficulty) {
    if (!(difficulty >= 0 && difficulty <= 1)) {
      throw new IllegalArgumentException("Difficulty is 0 to 1, not " + difficulty + ".");
    }
    Dice dice = Dice.of(seed, STREAM, index);
    return dice.chance(difficulty) ? full(dice) : easy(dice);
  }

  private static Scene easy(Dice dice) {
    Group group = new Group(dice.pick(Kind.class), dice.pick(Colour.class), Size.BIG, 1);
    return new Scene(
        dice.pick(Background.class), List.of(group), Arrangement.SINGLE, dice.nextLong());
  }

  private static Scene full(Dice dice) {
    Background background = dice.pick(Background.class);
    Kind kind = dice.pick(Kind.class);
    Colour colour = dice.pick(Colour.class);
    if (!dice.chance(TWO_GROUPS)) {
      Group group = new Group(kind, colour, size(dice), 1 + dice.weighted(COUNTS_ALONE));
      return new Scene(background, List.of(group), Arrangement.SINGLE, dice.nextLong());
    }
    Group first = new Group(kind, colour, size(dice), 1 + dice.weighted(COUNTS_PAIRED));
    Group second =
        new Group(
            dice.pickOther(kind),
            dice.pickOther(colour),
            size(dice),
            1 + dice.weighted(COUNTS_PAIRED));
    Arrangement arrangement = dice.chance(0.5) ? Arrangement.SIDE_BY_SIDE : Arrangement.STACKED;
    return new Scene(background, List.of(first, second), arrangement, dice.nextLong());
  }

  private static Size size(Dice dice) {
    return Size.values()[dice.weighted(SIZES)];
  }
}
