package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged and hostile files: whatever bytes change, a file is read or refused by a {@link
 * CheckpointException}; it never hangs, takes much memory, or ends in another exception.
 */
class MutatedFilesTest {

  private static final int MUTATIONS = 500;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** A file of some KB; the JVM's own share of an opened file is far below. */
  private static final long MAX_ALLOCATED_BYTES = 8 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "plain.pt, 1",
    "protocol4.pt, 2",
    "old.pt, 3",
    "nested.pt, 4",
    "views.pt, 5",
    "plain.safetensors, 6"
  })
  void shouldReadOrRefuseButNothingElse(String name, long seed) throws IOException {
    byte[] whole = Files.readAllBytes(TorchFiles.path(name));
    Random random = new Random(seed);
    Fuzz fuzz = fuzz(name);
    int refused =
        Assertions.assertTimeoutPreemptively(
            PATIENCE,
            () -> {
              int count = 0;
              for (int i = 0; i < MUTATIONS; i++) {
                count += fuzz.read(mutate(whole, random)).isPresent() ? 1 : 0;
              }
              return count;
            });
    assertThat(refused).as("mutations that were noticed").isGreaterThan(MUTATIONS / 10);
  }

  private static byte[] mutate(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(bytes, at, Math.min(at + 8, bytes.length), (byte) 0xff);
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(32), bytes.length - Math.max(at, from));
          System.arraycopy(whole, from, bytes, at, length);
        }
      }
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"kept.pt", "kept.safetensors"})
  void shouldStillRefuseEveryInputOfTheCorpus(String name) throws IOException {
    Fuzz fuzz = fuzz(name);
    assertThat(fuzz.corpus()).hasSizeGreaterThan(8);
    for (byte[] kept : fuzz.corpus()) {
      assertThat(fuzz.read(kept)).isPresent();
    }
  }

  /** The negative control: what a reader does that believes a header's length. */
  @Test
  void shouldSeeAReaderThatAllocatesBeforeItChecks() throws IOException {
    byte[] lying = Files.readAllBytes(TorchFiles.path("plain.safetensors"));
    ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 64L << 20);
    assertThat(fuzz("lying.safetensors").read(lying)).isPresent();
    Fuzz trusting =
        new Fuzz(
            "safetensors",
            MAX_ALLOCATED_BYTES,
            bytes -> {
              ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
              byte[] header = new byte[(int) file.getLong()];
              return header.length > file.remaining() ? Optional.of("too long") : Optional.empty();
            });
    assertThatThrownBy(() -> trusting.read(lying))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bytes were allocated");
  }

  private Fuzz fuzz(String name) {
    Path file = folder.resolve(name);
    return new Fuzz(
        name.endsWith(".safetensors") ? "safetensors" : "torch",
        MAX_ALLOCATED_BYTES,
        bytes -> refusal(Files.write(file, bytes)));
  }

  private static Optional<String> refusal(Path file) throws IOException {
    try (TensorSource source =
        file.toString().endsWith(".safetensors")
            ? SafetensorsFile.open(file)
            : TorchFile.open(file)) {
      for (String name : source.names()) {
        if (source.tensor(name).dtype().isFloating()) {
          source.readFloats(name);
        }
      }
      return Optional.empty();
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).startsWith(file.toString()).endsWith(".").doesNotContain("\n");
      return Optional.of(e.getMessage());
    }
  }
}
