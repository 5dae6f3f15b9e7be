package io.blipstream.model.scenes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a text says of a scene, read word by word: words that say nothing of a scene are passed
 * over, so any text can be read.
 *
 * @param claims the things named, in order; empty for a text that says nothing
 * @param relation how the first claim lies to the second
 * @param background the background named
 */
public record Statement(
    List<Claim> claims, Optional<Relation> relation, Optional<Background> background) {

  private static final Map<String, Colour> COLOURS = byWord(Colour.values(), Colour::word);
  private static final Map<String, Size> SIZES = byWord(Size.values(), Size::word);
  private static final Map<String, Background> BACKGROUNDS =
      byWord(Background.values(), Background::word);
  private static final Map<String, Kind> SINGULARS = byWord(Kind.values(), Kind::word);
  private static final Map<String, Kind> PLURALS = byWord(Kind.values(), Kind::plural);
  private static final Map<String, Relation> RELATIONS =
      byWord(Relation.values(), relation -> relation.phrase().split(" ")[0]);

  public Statement {
    claims = List.copyOf(claims);
  }

  /** Reads {@code text}; case and punctuation do not matter. */
  public static Statement of(String text) {
    Reader reader = new Reader();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z]+")) {
      reader.read(word);
    }
    return new Statement(reader.claims, reader.relation, reader.background);
  }

  private static <E> Map<String, E> byWord(
      E[] values, java.util.function.Function<E, String> word) {
    Map<String, E> map = new HashMap<>();
    Arrays.stream(values).forEach(value -> map.put(word.apply(value), value));
    return Map.copyOf(map);
  }

  /** Collects adjectives until the noun that they belong to. */
  private static final class Reader {
    private final List<Claim> claims = new ArrayList<>();
    private Optional<Relation> relation = Optional.empty();
    private Optional<Background> background = Optional.empty();
    private Optional<Colour> colour = Optional.empty();
    private Optional<Size> size = Optional.empty();
    private OptionalInt count = OptionalInt.empty();

    void read(String word) {
      int number = SceneGrammar.NUMBERS.indexOf(word) + 1;
      if (number > 0) {
        count = OptionalInt.of(number);
      } else if (COLOURS.containsKey(word)) {
        colour = Optional.of(COLOURS.get(word));
      } else if (SIZES.containsKey(word)) {
        size = Optional.of(SIZES.get(word));
      } else if (BACKGROUNDS.containsKey(word)) {
        background = Optional.of(BACKGROUNDS.get(word));
      } else if (RELATIONS.containsKey(word) && claims.size() == 1) {
        relation = Optional.of(RELATIONS.get(word));
      } else if (SINGULARS.containsKey(word)) {
        claim(SINGULARS.get(word), OptionalInt.of(1));
      } else if (PLURALS.containsKey(word)) {
        claim(PLURALS.get(word), count);
      }
    }

    /** The noun's own number wins over the counting word: "three circle" is one circle. */
    private void claim(Kind kind, OptionalInt number) {
      claims.add(new Claim(kind, colour, size, number));
      colour = Optional.empty();
      size = Optional.empty();
      count = OptionalInt.empty();
    }
  }
}
