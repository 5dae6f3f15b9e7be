package io.blipstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the tests of imports share: a checkpoint to import, and importers in a hurry. */
final class HubFixture {

  /** A BLIP whose weights take half a megabyte, room enough for many cuts. */
  private static final BlipConfig MODEL =
      new BlipConfig(
          new VisionConfig(48, 2, 3, 96, 32, 8, 1e-5f),
          new TextConfig(400, 48, 2, 4, 96, 40, 1e-12f, 398, 3, 0),
          12);

  private static final Retries HURRIED =
      new Retries(5, Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(2));

  private HubFixture() {}

  /** Writes a whole checkpoint; another seed gives other weights. */
  static Path checkpoint(Path folder, long seed) throws IOException {
    RandomCheckpoint.write(folder, Architecture.CAPTIONER, MODEL, seed, seed);
    Files.copy(resource("/tokenizer/json/tokenizer.json"), folder.resolve("tokenizer.json"));
    Files.copy(resource("/tokenizer/vocabulary/vocab.txt"), folder.resolve("vocab.txt"));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
    return folder;
  }

  static Importer importer(String endpoint, ImportListener listener) throws IOException {
    return importer(Map.of("HF_ENDPOINT", endpoint), listener);
  }

  static Importer importer(Map<String, String> environment, ImportListener listener)
      throws IOException {
    Map<String, String> whole = new HashMap<>(environment);
    whole.putIfAbsent("HF_TOKEN_PATH", "no-such-file");
    return new Importer(HubEnvironment.from(whole), HURRIED, Duration.ofSeconds(60), listener);
  }

  static ImportRequest request(Path target) {
    return ImportRequest.of(new ImportSource.Hub(FakeHub.REPOSITORY), target);
  }

  static ImportRequest request(Path target, String revision) {
    return new ImportRequest(
        new ImportSource.Hub(FakeHub.REPOSITORY),
        Optional.of(revision),
        target,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** Requires that a folder holds just the files of another, to the byte, and its provenance. */
  static void requireSameFiles(Path actual, Path expected) throws IOException {
    Map<String, String> wanted = digests(expected);
    Map<String, String> found = digests(actual);
    assertThat(found.remove("blipstream.json")).as("provenance").isNotNull();
    wanted.remove("blipstream.json");
    assertThat(found).isEqualTo(wanted);
  }

  /** Requires that an import left nothing but the folder, or nothing at all. */
  static void requireNothingElse(Path parent, String... names) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .containsExactlyInAnyOrderElementsOf(List.of(names));
    }
  }

  private static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        digests.put(file.getFileName().toString(), FakeHub.sha256(Files.readAllBytes(file)));
      }
    }
    return digests;
  }

  static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(HubFixture.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
