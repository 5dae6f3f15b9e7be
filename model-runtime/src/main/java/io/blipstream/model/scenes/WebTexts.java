package io.blipstream.model.scenes;

import io.blipstream.model.scenes.WebText.Truth;
import java.util.Optional;

/**
 * The noisy web: gives every scene a text that is right, vague or wrong in stated shares. Half of
 * the wrong texts tell of another scene; the others have one attribute wrong (colour, thing, count
 * or position, each as often where the scene allows it).
 */
public final class WebTexts {
  private static final long STREAM = 3;
  private static final double DEFAULT_RIGHT = 0.5;
  private static final double DEFAULT_VAGUE = 0.2;
  private static final double ABOUT_OTHER_SCENE = 0.5;
  private static final Flaw[] ATTRIBUTES = {Flaw.COLOUR, Flaw.THING, Flaw.COUNT, Flaw.POSITION};

  private final long seed;
  private final double right;
  private final double vague;
  private final SceneGrammar grammar = new SceneGrammar();
  private final FalseTexts falseTexts = new FalseTexts();

  /** Half right, a fifth vague, the rest wrong. */
  public WebTexts(long seed) {
    this(seed, DEFAULT_RIGHT, DEFAULT_VAGUE);
  }

  /**
   * @param right share of right texts, 0 to 1
   * @param vague share of vague texts; the rest is wrong
   */
  public WebTexts(long seed, double right, double vague) {
    if (!(right >= 0 && vague >= 0 && right + vague <= 1)) {
      throw new IllegalArgumentException(
          "Shares of right (" + right + ") and vague (" + vague + ") texts must lie in 0 to 1.");
    }
    this.seed = seed;
    this.right = right;
    this.vague = vague;
  }

  /** The web text of scene number {@code index}. */
  public WebText textFor(Scene scene, long index) {
    Dice dice = Dice.of(seed, STREAM, index);
    double roll = dice.between(0, 1);
    if (roll < right) {
      return new WebText(grammar.caption(scene, dice), Truth.RIGHT);
    }
    if (roll < right + vague) {
      return new WebText(dice.pick(FalseTexts.VAGUE), Truth.VAGUE);
    }
    while (true) {
      Flaw flaw =
          dice.chance(ABOUT_OTHER_SCENE)
              ? Flaw.OTHER_SCENE
              : ATTRIBUTES[dice.below(ATTRIBUTES.length)];
      Scene other = new SceneGenerator(dice.nextLong()).scene(index);
      Optional<String> text = falseTexts.text(scene, other, flaw, dice);
      if (text.isPresent()) {
        return new WebText(text.get(), Truth.WRONG);
      }
    }
  }
}
