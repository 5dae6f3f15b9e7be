package io.blipstream.model.scenes;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a text says of one group of things: what it leaves open is empty.
 *
 * @param kind the thing named
 */
public record Claim(Kind kind, Optional<Colour> colour, Optional<Size> size, OptionalInt count) {

  /** Whether the group has this kind and exactly the colour that is named; false if none is. */
  boolean namesColourOf(Group group) {
    return group.kind() == kind && colour.isPresent() && colour.get() == group.colour();
  }

  /** Whether nothing that is said here is false of the group. */
  boolean isTrueOf(Group group) {
    return group.kind() == kind
        && colour.map(c -> c == group.colour()).orElse(true)
        && size.map(s -> s == group.size()).orElse(true)
        && (count.isEmpty() || count.getAsInt() == group.count());
  }
}
