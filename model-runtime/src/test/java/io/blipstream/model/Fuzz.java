package io.blipstream.model;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Holds a reader of foreign bytes to its promise: it reads them or refuses them, and in both cases
 * allocates no more than a bound. What breaks that is reported with the input, to be kept in {@code
 * src/test/resources/corpus}, which holds one input for each way to be refused.
 *
 * <p>With {@code -Dblipstream.fuzz.keep=FOLDER} the first input of each kind of refusal is written
 * to that folder.
 */
public final class Fuzz {

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Optional<Path> KEEP =
      Optional.ofNullable(System.getProperty("blipstream.fuzz.keep")).map(Path::of);
  private static final int KEPT_BYTES = 8_000;

  /** A reader under test. */
  @FunctionalInterface
  public interface Reader {
    /** Why it refuses; empty if it reads. Whatever it throws is a breach. */
    Optional<String> refusal(byte[] input) throws Exception;
  }

  private final String name;
  private final long maxAllocatedBytes;
  private final Reader reader;

  /**
   * @param name folder of its corpus
   * @param maxAllocatedBytes on the heap, for any input
   */
  public Fuzz(String name, long maxAllocatedBytes, Reader reader) {
    this.name = name;
    this.maxAllocatedBytes = maxAllocatedBytes;
    this.reader = reader;
  }

  /**
   * Gives the reader one input.
   *
   * @return why it was refused; empty if it was read
   * @throws AssertionError if the reader did anything else, or took too much memory for it
   */
  public Optional<String> read(byte[] input) throws IOException {
    Measured measured = measure(input);
    if (measured.bytes > maxAllocatedBytes) {
      // What is loaded once and for all, such as classes, is not the input's.
      measured = measure(input);
    }
    if (measured.bytes > maxAllocatedBytes) {
      throw new AssertionError(
          "%,d bytes were allocated, more than %,d: %s"
              .formatted(measured.bytes, maxAllocatedBytes, describe(input)));
    }
    Optional<String> refusal = measured.refusal;
    if (refusal.isPresent() && KEEP.isPresent()) {
      keep(KEEP.get().resolve(name), input, refusal.get());
    }
    return refusal;
  }

  private record Measured(Optional<String> refusal, long bytes) {}

  private Measured measure(byte[] input) {
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    try {
      Optional<String> refusal = reader.refusal(input);
      return new Measured(refusal, MEMORY.getCurrentThreadAllocatedBytes() - before);
    } catch (Exception | Error e) {
      throw new AssertionError("Neither read nor refused: " + describe(input), e);
    }
  }

  /** The inputs that were kept. */
  public List<byte[]> corpus() throws IOException {
    String folder = "/corpus/" + name;
    try (InputStream in = Fuzz.class.getResourceAsStream(folder)) {
      // Reading a folder's address gives its names, a line each.
      List<String> names =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
      byte[][] inputs = new byte[names.size()][];
      for (int i = 0; i < inputs.length; i++) {
        try (InputStream one = Fuzz.class.getResourceAsStream(folder + "/" + names.get(i))) {
          inputs[i] = one.readAllBytes();
        }
      }
      return Arrays.asList(inputs);
    }
  }

  /** Numbers and quotations vary within a kind. */
  private void keep(Path folder, byte[] input, String refusal) throws IOException {
    String kind = refusal.replaceAll("\\S*/\\S*|'[^']*'|\"[^\"]*\"|0x[0-9a-f]+|[0-9]+", "");
    Path file = folder.resolve("%08x".formatted(kind.hashCode()));
    if (input.length <= KEPT_BYTES && !Files.exists(file)) {
      Files.createDirectories(folder);
      Files.write(file, input);
    }
  }

  private static String describe(byte[] input) {
    return input.length + " bytes, in base64 " + Base64.getEncoder().encodeToString(input);
  }
}
