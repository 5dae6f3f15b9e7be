package io.blipstream.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a registry knows, kept in one file of one folder.
 *
 * <p>What must hold: an id once given out never means another schema, not even after a crash, since
 * records in Kafka name it for ever. So a change is on the disk (a new file, forced, then moved
 * over the old one) before anybody is told of it, and one process at a time owns the folder. Not
 * safe for use by several threads.
 */
final class RegistryStore implements Closeable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel lock;

  /** Schema text by id; ids are given out from 1 without gaps. */
  private final Map<Integer, String> schemas = new TreeMap<>();

  /** The ids of each subject's versions; version 1 comes first. */
  private final Map<String, List<Integer>> subjects = new TreeMap<>();

  /** Compatibility levels of subjects. */
  private final Map<String, Compatibility> levels = new TreeMap<>();

  private Compatibility globalLevel = Compatibility.FULL_TRANSITIVE;

  RegistryStore(Path folder) throws IOException {
    Files.createDirectories(folder);
    this.file = folder.resolve("schemas.json");
    this.lock = own(folder);
    try {
      if (Files.exists(file)) {
        read();
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw new IOException(
          "The schemas in " + file + " cannot be read; restore the file from a copy.", e);
    }
  }

  Optional<String> schema(int id) {
    return Optional.ofNullable(schemas.get(id));
  }

  List<String> subjects() {
    return List.copyOf(subjects.keySet());
  }

  /** The ids of a subject's versions, version 1 first; empty when there is no such subject. */
  List<Integer> versions(String subject) {
    return List.copyOf(subjects.getOrDefault(subject, List.of()));
  }

  Compatibility globalLevel() {
    return globalLevel;
  }

  Optional<Compatibility> level(String subject) {
    return Optional.ofNullable(levels.get(subject));
  }

  /** Adds a version to a subject; a text that another subject has keeps the id it has there. */
  int add(String subject, String schema) {
    Optional<Integer> known =
        schemas.entrySet().stream()
            .filter(entry -> entry.getValue().equals(schema))
            .map(Map.Entry::getKey)
            .findFirst();
    int id = known.orElse(schemas.size() + 1);
    schemas.put(id, schema);
    subjects.computeIfAbsent(subject, s -> new ArrayList<>()).add(id);
    try {
      write();
    } catch (RegistryError e) {
      List<Integer> versions = subjects.get(subject);
      versions.remove(versions.size() - 1);
      if (versions.isEmpty()) {
        subjects.remove(subject);
      }
      if (known.isEmpty()) {
        schemas.remove(id);
      }
      throw e;
    }
    return id;
  }

  void setGlobalLevel(Compatibility level) {
    globalLevel = level;
    write();
  }

  void setLevel(String subject, Compatibility level) {
    levels.put(subject, level);
    write();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static FileChannel own(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(folder, e);
    }
    channel.close();
    throw inUse(folder, null);
  }

  private static IOException inUse(Path folder, Exception cause) {
    return new IOException(
        "The schema registry folder "
            + folder
            + " is in use by a running broker: stop it, or name another folder.",
        cause);
  }

  private void read() throws IOException {
    JsonNode root = JSON.readTree(Files.readAllBytes(file));
    int expected = 1;
    for (JsonNode schema : root.required("schemas")) {
      schemas.put(expected++, schema.textValue());
    }
    for (Map.Entry<String, JsonNode> subject : root.required("subjects").properties()) {
      List<Integer> ids = new ArrayList<>();
      for (JsonNode id : subject.getValue()) {
        if (!schemas.containsKey(id.intValue())) {
          throw new IOException("Subject " + subject.getKey() + " names a lost schema id " + id);
        }
        ids.add(id.intValue());
      }
      subjects.put(subject.getKey(), ids);
    }
    globalLevel = Compatibility.named(root.required("compatibility").textValue());
    for (Map.Entry<String, JsonNode> level : root.required("subjectCompatibility").properties()) {
      levels.put(level.getKey(), Compatibility.named(level.getValue().textValue()));
    }
  }

  private void write() {
    ObjectNode root = JSON.createObjectNode();
    root.put("compatibility", globalLevel.name());
    root.set("subjectCompatibility", JSON.valueToTree(levels));
    root.set("subjects", JSON.valueToTree(new LinkedHashMap<>(subjects)));
    root.set("schemas", JSON.valueToTree(schemas.values()));
    Path fresh = file.resolveSibling("schemas.json.new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes =
          ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      throw RegistryError.notStored(e.toString());
    }
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw RegistryError.notStored(e.toString());
    }
  }
}
