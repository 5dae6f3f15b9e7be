package io.blipstream.schemas.registry;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** The rules of a registry over what it stores: one schema, one id; every version compatible. */
final class Subjects {

  /** A version of a subject's schema; versions count from 1. */
  record Version(String subject, int version, int id, String schema) {}

  private final RegistryStore store;

  Subjects(RegistryStore store) {
    this.store = store;
  }

  List<String> names() {
    return store.subjects();
  }

  String schema(int id) {
    return store.schema(id).orElseThrow(() -> RegistryError.schemaNotFound("id " + id));
  }

  /** The version that has this schema, registered now if there is none. */
  Version register(String subject, String text) {
    Schema schema = parse(text);
    Optional<Version> present = find(subject, schema);
    if (present.isPresent()) {
      return present.get();
    }
    List<String> violations = level(subject).violations(schema, schemas(subject));
    if (!violations.isEmpty()) {
      throw RegistryError.incompatible(String.join("; ", violations));
    }
    int id = store.add(subject, schema.toString());
    return version(subject, store.versions(subject).size(), id);
  }

  /** The version that has this schema. */
  Version lookup(String subject, String text) {
    Schema schema = parse(text);
    if (store.versions(subject).isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    return find(subject, schema)
        .orElseThrow(() -> RegistryError.schemaNotFound("not under subject " + subject));
  }

  /** The number of versions of a subject, which is also the newest one's number. */
  int count(String subject) {
    int count = store.versions(subject).size();
    if (count == 0) {
      throw RegistryError.subjectNotFound(subject);
    }
    return count;
  }

  Version version(String subject, String named) {
    int count = count(subject);
    int version = named.equals("latest") || named.equals("-1") ? count : number(named);
    if (version > count) {
      throw RegistryError.versionNotFound(named);
    }
    return version(subject, version, store.versions(subject).get(version - 1));
  }

  /** Why a schema may not follow a version, or the versions that the subject's level names. */
  List<String> violations(String subject, Optional<String> named, String text) {
    Schema schema = parse(text);
    if (named.isEmpty()) {
      return level(subject).violations(schema, schemas(subject));
    }
    Schema against = parse(version(subject, named.get()).schema());
    return level(subject).violations(schema, List.of(against));
  }

  Compatibility level(String subject) {
    return store.level(subject).orElseGet(store::globalLevel);
  }

  private List<Schema> schemas(String subject) {
    return store.versions(subject).stream().map(id -> parse(schema(id))).toList();
  }

  private Optional<Version> find(String subject, Schema schema) {
    String text = schema.toString();
    List<Integer> ids = store.versions(subject);
    for (int i = 0; i < ids.size(); i++) {
      if (schema(ids.get(i)).equals(text)) {
        return Optional.of(version(subject, i + 1, ids.get(i)));
      }
    }
    return Optional.empty();
  }

  private Version version(String subject, int version, int id) {
    return new Version(subject, version, id, schema(id));
  }

  private static int number(String named) {
    try {
      int version = Integer.parseInt(named);
      if (version > 0) {
        return version;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw RegistryError.invalidVersion(named);
  }

  private static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (SchemaParseException | org.apache.avro.AvroTypeException e) {
      throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
    }
  }
}
