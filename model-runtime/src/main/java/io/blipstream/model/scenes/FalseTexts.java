package io.blipstream.model.scenes;

import io.blipstream.model.scenes.Scene.Arrangement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Writes texts that do not fit a scene, with a stated {@link Flaw}. */
final class FalseTexts {
  static final List<String> VAGUE =
      List.of(
          "photo from my album",
          "my favourite picture",
          "click here to see more",
          "image of the day",
          "best offer of the week",
          "holiday memories",
          "look at this",
          "free download",
          "a nice picture",
          "just for you",
          "new post on my page",
          "see more photos here");

  private static final int TRIES = 60;

  private final SceneGrammar grammar = new SceneGrammar();
  private final SceneJudge judge = new SceneJudge();

  /**
   * A text with this flaw that is not true of the scene, or empty when the scene allows none: a
   * wrong position needs two groups.
   *
   * @param other a scene to tell of for {@link Flaw#OTHER_SCENE}; it may happen to be described by
   *     texts that fit, which are avoided
   */
  Optional<String> text(Scene scene, Scene other, Flaw flaw, Dice dice) {
    if (flaw == Flaw.VAGUE) {
      return Optional.of(dice.pick(VAGUE));
    }
    if (flaw == Flaw.POSITION && scene.arrangement() == Arrangement.SINGLE) {
      return Optional.empty();
    }
    for (int i = 0; i < TRIES; i++) {
      Scene told = flaw == Flaw.OTHER_SCENE ? other : altered(scene, flaw, dice);
      String text = grammar.caption(told, dice);
      if (!judge.isTrue(scene, text)) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  /** The scene with one attribute changed. */
  private static Scene altered(Scene scene, Flaw flaw, Dice dice) {
    if (flaw == Flaw.POSITION) {
      return moved(scene, dice);
    }
    List<Group> groups = new ArrayList<>(scene.groups());
    int at = dice.below(groups.size());
    Group group = groups.get(at);
    Group changed;
    do {
      changed = altered(group, flaw, dice);
    } while (clashes(groups, at, changed));
    groups.set(at, changed);
    return new Scene(scene.background(), groups, scene.arrangement(), scene.variation());
  }

  private static Group altered(Group group, Flaw flaw, Dice dice) {
    return switch (flaw) {
      case COLOUR ->
          new Group(group.kind(), dice.pickOther(group.colour()), group.size(), group.count());
      case THING ->
          new Group(dice.pickOther(group.kind()), group.colour(), group.size(), group.count());
      case COUNT -> {
        int count = (group.count() + dice.below(Group.MOST - 1)) % Group.MOST + 1;
        yield new Group(group.kind(), group.colour(), group.size(), count);
      }
      default -> throw new IllegalArgumentException(flaw + " is no change to one group.");
    };
  }

  private static boolean clashes(List<Group> groups, int at, Group changed) {
    return groups.size() == 2
        && (groups.get(1 - at).kind() == changed.kind()
            || groups.get(1 - at).colour() == changed.colour());
  }

  /** The two groups with their places swapped, or turned from a row to a column or back. */
  private static Scene moved(Scene scene, Dice dice) {
    List<Group> groups = new ArrayList<>(scene.groups());
    Arrangement arrangement = scene.arrangement();
    if (dice.chance(0.5)) {
      Collections.reverse(groups);
    } else {
      arrangement =
          arrangement == Arrangement.STACKED ? Arrangement.SIDE_BY_SIDE : Arrangement.STACKED;
    }
    return new Scene(scene.background(), groups, arrangement, scene.variation());
  }
}
