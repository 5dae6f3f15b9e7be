package io.blipstream.model.scenes;

import java.util.List;
import java.util.Optional;

/**
 * What a picture shows: the truth that captions are judged against.
 *
 * @param background what it is painted on
 * @param groups one group, or two of different kinds and colours, listed left to right or top to
 *     bottom
 * @param arrangement how two groups lie; {@link Arrangement#SINGLE} exactly when there is one
 * @param variation seeds what captions do not tell: exact places, tilt, tints
 */
public record Scene(
    Background background, List<Group> groups, Arrangement arrangement, long variation) {

  /** How the groups of a scene lie. */
  public enum Arrangement {
    SINGLE,
    SIDE_BY_SIDE,
    STACKED
  }

  public Scene {
    groups = List.copyOf(groups);
    int expected = arrangement == Arrangement.SINGLE ? 1 : 2;
    if (groups.size() != expected) {
      throw new IllegalArgumentException(
          "A %s scene has %d group(s), not %d.".formatted(arrangement, expected, groups.size()));
    }
    if (expected == 2
        && (groups.get(0).kind() == groups.get(1).kind()
            || groups.get(0).colour() == groups.get(1).colour())) {
      throw new IllegalArgumentException(
          "The two groups of a scene differ in kind and in colour, so that each is named clearly.");
    }
  }

  /** Where the first group lies, seen from the second; empty for a single group. */
  public Optional<Relation> relation() {
    return switch (arrangement) {
      case SINGLE -> Optional.empty();
      case SIDE_BY_SIDE -> Optional.of(Relation.LEFT_OF);
      case STACKED -> Optional.of(Relation.ABOVE);
    };
  }
}
