package io.blipstream.model.scenes;

import java.util.List;

/** Judges texts against the truth of a scene. */
public final class SceneJudge {

  /**
   * Whether the text names, anywhere, a kind of thing that the scene shows together with the colour
   * that it has there.
   */
  public boolean namesRightThing(Scene scene, String text) {
    return Statement.of(text).claims().stream()
        .anyMatch(claim -> scene.groups().stream().anyMatch(claim::namesColourOf));
  }

  /**
   * Whether the text says something of the scene and nothing of it is false: kinds, colours, sizes,
   * counts, relation and background. A text that names no thing is not true of any scene.
   */
  public boolean isTrue(Scene scene, String text) {
    Statement statement = Statement.of(text);
    if (statement.claims().isEmpty()
        || statement.background().filter(b -> b != scene.background()).isPresent()) {
      return false;
    }
    return claimsHold(scene, statement);
  }

  private static boolean claimsHold(Scene scene, Statement statement) {
    List<Claim> claims = statement.claims();
    List<Group> groups = scene.groups();
    if (claims.size() > groups.size()) {
      return false;
    }
    if (claims.size() == 1) {
      // A relation to nothing is not held against a text.
      return groups.stream().anyMatch(claims.get(0)::isTrueOf);
    }
    for (boolean turned : new boolean[] {false, true}) {
      Group first = groups.get(turned ? 1 : 0);
      Group second = groups.get(turned ? 0 : 1);
      boolean relationHolds =
          statement.relation().isEmpty()
              || statement.relation().equals(scene.relation().map(r -> turned ? r.opposite() : r));
      if (relationHolds && claims.get(0).isTrueOf(first) && claims.get(1).isTrueOf(second)) {
        return true;
      }
    }
    return false;
  }
}
