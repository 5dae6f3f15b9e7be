package io.blipstream.model.scenes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says in words what a scene shows. Every caption names every group with its count, colour and
 * kind; size, relation and background come and go with the phrasing. Lower case, no punctuation, at
 * most {@value #MOST_WORDS} words.
 *
 * <pre>
 *   a small red circle on a white background      there are two green stars
 *   a yellow key left of a red cup                a navy background with a pink heart
 * </pre>
 */
public final class SceneGrammar {
  /** The most words in a caption. */
  public static final int MOST_WORDS = 14;

  static final List<String> NUMBERS = List.of("one", "two", "three");

  /** Words of the phrasings below that are neither numbers nor words of the scene. */
  static final List<String> GLUE =
      List.of("a", "an", "and", "on", "with", "there", "is", "are", "picture", "of", "background");

  private static final long STREAM = 2;
  private static final double SAYS_SIZE = 0.4;
  private static final double SAYS_ONE = 0.1;
  private static final int TRIES = 40;

  /** One caption of {@code scene}; {@code seed} chooses the phrasing. */
  public String caption(Scene scene, long seed) {
    return caption(scene, Dice.of(seed, STREAM, 0));
  }

  /** Up to {@code count} different captions of {@code scene}: fewer when phrasings run out. */
  public List<String> captions(Scene scene, long seed, int count) {
    Dice dice = Dice.of(seed, STREAM, 1);
    Set<String> captions = new LinkedHashSet<>();
    for (int i = 0; i < TRIES && captions.size() < count; i++) {
      captions.add(caption(scene, dice));
    }
    return new ArrayList<>(captions);
  }

  String caption(Scene scene, Dice dice) {
    String subject = subject(scene, dice);
    String background = scene.background().word();
    boolean pair = scene.groups().size() == 2;
    // A pair is long already: it gets a background less often.
    int phrasing = pair ? dice.weighted(60, 8, 12, 8, 6, 6) : dice.weighted(30, 25, 15, 10, 10, 10);
    return switch (phrasing) {
      case 0 -> subject;
      case 1 -> subject + " on " + article(background) + " " + background + " background";
      case 2 -> "there " + (scene.groups().get(0).count() == 1 ? "is " : "are ") + subject;
      case 3 -> subject + " on " + background;
      case 4 -> "a picture of " + subject;
      default -> article(background) + " " + background + " background with " + subject;
    };
  }

  private static String subject(Scene scene, Dice dice) {
    Group first = scene.groups().get(0);
    if (scene.groups().size() == 1) {
      return phrase(first, dice);
    }
    Group second = scene.groups().get(1);
    Optional<Relation> relation = scene.relation();
    boolean turned = dice.chance(0.5);
    Group named = turned ? second : first;
    Group other = turned ? first : second;
    String link =
        relation
            .filter(r -> dice.chance(0.7))
            .map(r -> turned ? r.opposite() : r)
            .map(Relation::phrase)
            .orElse("and");
    return phrase(named, dice) + " " + link + " " + phrase(other, dice);
  }

  /** A group as a noun phrase, such as "two small red circles". */
  private static String phrase(Group group, Dice dice) {
    StringBuilder words = new StringBuilder();
    if (group.size() != Size.MEDIUM && dice.chance(SAYS_SIZE)) {
      words.append(group.size().word()).append(' ');
    }
    words.append(group.colour().word()).append(' ');
    words.append(group.count() == 1 ? group.kind().word() : group.kind().plural());
    boolean one = group.count() == 1 && !dice.chance(SAYS_ONE);
    String number = one ? article(words) : NUMBERS.get(group.count() - 1);
    return number + " " + words;
  }

  private static String article(CharSequence next) {
    return "aeiou".indexOf(next.charAt(0)) >= 0 ? "an" : "a";
  }
}
