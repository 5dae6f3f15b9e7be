package io.blipstream.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which request means what, after Confluent's reference of the schema registry's REST interface
 * (version 7). Requests are answered one at a time.
 */
final class RegistryRoutes {

  private final RegistryStore store;
  private final Subjects subjects;

  RegistryRoutes(RegistryStore store) {
    this.store = store;
    this.subjects = new Subjects(store);
  }

  /**
   * The body of the answer, ready to become JSON.
   *
   * @throws RegistryError when the answer is not a success
   */
  synchronized Object answer(String method, URI uri, JsonNode body) {
    List<String> path = segments(uri);
    String room = path.isEmpty() ? "" : path.get(0);
    return switch (room) {
      case "" -> Map.of();
      case "schemas" -> schemas(method, path, uri);
      case "subjects" -> subjects(method, path, body);
      case "compatibility" -> compatibility(method, path, uri, body);
      case "config" -> config(method, path, uri, body);
      default -> throw RegistryError.noSuchPath(uri.getPath());
    };
  }

  private Object schemas(String method, List<String> path, URI uri) {
    if (!method.equals("GET")) {
      throw RegistryError.wrongMethod(method, uri.getPath());
    }
    if (path.size() == 2 && path.get(1).equals("types")) {
      return List.of("AVRO");
    }
    if (path.size() != 3 || !path.get(1).equals("ids")) {
      throw RegistryError.noSuchPath(uri.getPath());
    }
    try {
      return Map.of("schema", subjects.schema(Integer.parseInt(path.get(2))));
    } catch (NumberFormatException e) {
      throw RegistryError.schemaNotFound("'" + path.get(2) + "' is no id");
    }
  }

  private Object subjects(String method, List<String> path, JsonNode body) {
    String call = method + " " + path.size();
    boolean versions = path.size() > 2 && path.get(2).equals("versions");
    if (call.equals("GET 1")) {
      return subjects.names();
    }
    if (call.equals("POST 2")) {
      return full(subjects.lookup(path.get(1), schemaOf(body)));
    }
    if (call.equals("GET 3") && versions) {
      return IntStream.rangeClosed(1, subjects.count(path.get(1))).boxed().toList();
    }
    if (call.equals("POST 3") && versions) {
      return Map.of("id", subjects.register(path.get(1), schemaOf(body)).id());
    }
    if (call.equals("GET 4") && versions) {
      return full(subjects.version(path.get(1), path.get(3)));
    }
    throw RegistryError.wrongMethod(method, "/" + String.join("/", path));
  }

  /** POST /compatibility/subjects/{subject}/versions[/{version}] */
  private Object compatibility(String method, List<String> path, URI uri, JsonNode body) {
    if (path.size() < 4 || path.size() > 5 || !path.get(3).equals("versions")) {
      throw RegistryError.noSuchPath(uri.getPath());
    }
    if (!method.equals("POST")) {
      throw RegistryError.wrongMethod(method, uri.getPath());
    }
    Optional<String> version = path.size() == 5 ? Optional.of(path.get(4)) : Optional.empty();
    List<String> violations = subjects.violations(path.get(2), version, schemaOf(body));
    return Map.of("is_compatible", violations.isEmpty(), "messages", violations);
  }

  /** GET and PUT /config[/{subject}] */
  private Object config(String method, List<String> path, URI uri, JsonNode body) {
    if (path.size() > 2) {
      throw RegistryError.noSuchPath(uri.getPath());
    }
    Optional<String> subject = path.size() == 2 ? Optional.of(path.get(1)) : Optional.empty();
    switch (method) {
      case "GET" -> {
        boolean orGlobal = String.valueOf(uri.getQuery()).contains("defaultToGlobal=true");
        Compatibility level =
            subject
                .map(name -> orGlobal ? subjects.level(name) : ownLevel(name))
                .orElseGet(store::globalLevel);
        return Map.of("compatibilityLevel", level.name());
      }
      case "PUT" -> {
        Compatibility level = Compatibility.named(body.path("compatibility").asText());
        subject.ifPresentOrElse(
            name -> store.setLevel(name, level), () -> store.setGlobalLevel(level));
        return Map.of("compatibility", level.name());
      }
      default -> throw RegistryError.wrongMethod(method, uri.getPath());
    }
  }

  private Compatibility ownLevel(String subject) {
    return store.level(subject).orElseThrow(() -> RegistryError.noOwnCompatibility(subject));
  }

  private static Map<String, Object> full(Subjects.Version version) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("subject", version.subject());
    fields.put("version", version.version());
    fields.put("id", version.id());
    fields.put("schema", version.schema());
    return fields;
  }

  private static String schemaOf(JsonNode body) {
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO") && !type.equals("null")) {
      throw RegistryError.invalidSchema("this registry keeps Avro only, not " + type + ".");
    }
    if (!body.path("references").isEmpty()) {
      throw RegistryError.invalidSchema("this registry keeps schemas without references only.");
    }
    JsonNode schema = body.path("schema");
    if (!schema.isTextual()) {
      throw RegistryError.invalidSchema("the request has no text under 'schema'.");
    }
    return schema.textValue();
  }

  /** The decoded parts of the path; a plus sign is a plus sign there, not a space. */
  private static List<String> segments(URI uri) {
    List<String> segments = new ArrayList<>();
    for (String raw : uri.getRawPath().split("/", -1)) {
      if (!raw.isEmpty()) {
        try {
          segments.add(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw RegistryError.badRequest("The path " + raw + " is not properly encoded.");
        }
      }
    }
    return segments;
  }
}
