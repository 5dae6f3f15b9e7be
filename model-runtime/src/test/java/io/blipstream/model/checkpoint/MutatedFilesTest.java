package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    int refused =
        Assertions.assertTimeoutPreemptively(
            PATIENCE,
            () -> {
              int count = 0;
              for (int i = 0; i < MUTATIONS; i++) {
                byte[] mutated = mutate(whole, random);
                count += reads(Files.write(folder.resolve(name), mutated)) ? 0 : 1;
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

  private static boolean reads(Path file) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean read = opens(file);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_ALLOCATED_BYTES);
    return read;
  }

  private static boolean opens(Path file) throws IOException {
    try (TensorSource source =
        file.toString().endsWith(".safetensors")
            ? SafetensorsFile.open(file)
            : TorchFile.open(file)) {
      for (String name : source.names()) {
        if (source.tensor(name).dtype().isFloating()) {
          source.readFloats(name);
        }
      }
      return true;
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).startsWith(file.toString()).endsWith(".").doesNotContain("\n");
      return false;
    }
  }
}
