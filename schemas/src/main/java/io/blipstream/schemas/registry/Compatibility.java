package io.blipstream.schemas.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** A rule that a new version of a schema has to keep towards the versions before it. */
enum Compatibility {
  NONE(false, false, false),
  BACKWARD(true, false, false),
  BACKWARD_TRANSITIVE(true, false, true),
  FORWARD(false, true, false),
  FORWARD_TRANSITIVE(false, true, true),
  FULL(true, true, false),
  FULL_TRANSITIVE(true, true, true);

  private final boolean readsOld;
  private final boolean readByOld;
  private final boolean transitive;

  Compatibility(boolean readsOld, boolean readByOld, boolean transitive) {
    this.readsOld = readsOld;
    this.readByOld = readByOld;
    this.transitive = transitive;
  }

  static Compatibility named(String level) {
    try {
      return valueOf(level.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw RegistryError.invalidCompatibility(level);
    }
  }

  /** Why {@code next} may not follow {@code versions} (oldest first); empty when it may. */
  List<String> violations(Schema next, List<Schema> versions) {
    List<String> violations = new ArrayList<>();
    int from = transitive ? 0 : Math.max(0, versions.size() - 1);
    for (int i = from; i < versions.size(); i++) {
      Schema old = versions.get(i);
      if (readsOld) {
        describe(next, old, "The new schema cannot read version " + (i + 1), violations);
      }
      if (readByOld) {
        describe(old, next, "Version " + (i + 1) + " cannot read the new schema", violations);
      }
    }
    return violations;
  }

  private static void describe(
      Schema reader, Schema writer, String sentence, List<String> violations) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    if (result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE) {
      return;
    }
    result
        .getIncompatibilities()
        .forEach(
            found ->
                violations.add(
                    sentence
                        + ": "
                        + found.getType()
                        + " at "
                        + found.getLocation()
                        + ", "
                        + found.getMessage()));
  }
}
