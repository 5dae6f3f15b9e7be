package io.blipstream.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a checkpoint's folder came from, written into it as {@code blipstream.json}.
 *
 * @param source as it was named
 * @param revision as it was asked for; empty where there are none
 * @param version the commit of a repository, or a digest of other sources
 * @param files what the folder holds
 */
public record Provenance(String source, String revision, String version, List<Item> files) {

  static final String FILE = "blipstream.json";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public Provenance {
    files = List.copyOf(files);
  }

  /**
   * A file.
   *
   * @param sha256 lower-case hexadecimal
   */
  public record Item(String name, long bytes, String sha256) {}

  /** Describes a folder by reading all its files. */
  static Provenance of(Path folder, String source, String revision, String version)
      throws IOException {
    List<Item> items = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder).sorted()) {
      for (Path file : files.toList()) {
        items.add(
            new Item(
                file.getFileName().toString(), Files.size(file), ContentDigest.sha256(file).hex()));
      }
    }
    return new Provenance(source, revision, version, items);
  }

  /** What a folder says of itself, if it says anything that can be read. */
  static Optional<Provenance> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Provenance read = JSON.readValue(Files.readAllBytes(file), Provenance.class);
      return Optional.of(read).filter(all -> all.version() != null);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(this) + "\n");
  }

  /** The first file that is not as it was imported, if any is. */
  Optional<String> firstChanged(Path folder) throws IOException {
    for (Item item : files) {
      Path file = folder.resolve(item.name());
      if (!Files.isRegularFile(file)
          || Files.size(file) != item.bytes()
          || !ContentDigest.sha256(file).hex().equals(item.sha256())) {
        return Optional.of(item.name());
      }
    }
    return Optional.empty();
  }
}
