package io.blipstream.model.engine.onnx;

import io.blipstream.model.CacheFolder;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The graphs of checkpoints, written when they are first asked for and kept in a folder {@code
 * onnx} beside the checkpoint's weights, or in the user's cache where that folder cannot be written
 * to.
 *
 * <p>Names hold a digest of everything that decides a graph's content, so that one is never taken
 * for another: the weights, the configuration, the size of images, the precision with what the
 * processor can take of it, and the version of this writer. Files appear whole or not at all,
 * whoever else writes them at the same time.
 */
final class GraphFiles {

  /** Goes up whenever the same checkpoint would make another graph. */
  private static final int VERSION = 3;

  private static final String FOLDER = "onnx";
  private static final int DIGEST_CHARACTERS = 16;

  private final NumericPrecision precision;
  private final int largestWeight;
  private final PreparationListener listener;

  /**
   * @param largestWeight finds the largest in 8 bits; not asked in another precision
   */
  GraphFiles(NumericPrecision precision, IntSupplier largestWeight, PreparationListener listener) {
    this.precision = precision;
    this.largestWeight = precision == NumericPrecision.INT8 ? largestWeight.getAsInt() : 0;
    this.listener = listener;
  }

  /**
   * The file of a graph.
   *
   * @throws io.blipstream.model.checkpoint.CheckpointException naming weights that are missing or
   *     have another shape
   */
  Path file(BlipGraph graph, Checkpoint checkpoint) throws IOException {
    Map<String, long[]> expected = graph.parameters(checkpoint);
    checkpoint.require(expected);
    String name = name(graph, checkpoint);
    Path beside = checkpoint.folder().resolve(FOLDER);
    Path elsewhere = CacheFolder.path().resolve(FOLDER);
    for (Path folder : new Path[] {beside, elsewhere}) {
      if (Files.isRegularFile(folder.resolve(name + ".onnx"))) {
        return folder.resolve(name + ".onnx");
      }
    }
    Path folder = isWritable(beside) ? beside : Files.createDirectories(elsewhere);
    return write(graph, checkpoint, expected, folder, name);
  }

  private static boolean isWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "probe", ".part"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String name(BlipGraph graph, Checkpoint checkpoint) throws IOException {
    String content =
        String.join(
            " ",
            checkpoint.sha256(),
            checkpoint.config().toString(),
            checkpoint.preprocessing().height() + "x" + checkpoint.preprocessing().width(),
            Integer.toString(largestWeight));
    return "%s-%s-v%d-%s"
        .formatted(
            graph.title(), precision.name().toLowerCase(Locale.ROOT), VERSION, digest(content));
  }

  private static String digest(String content) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(content.getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(digest).substring(0, DIGEST_CHARACTERS);
  }

  private Path write(
      BlipGraph graph,
      Checkpoint checkpoint,
      Map<String, long[]> expected,
      Path folder,
      String name)
      throws IOException {
    Path file = folder.resolve(name + ".onnx");
    Path weights = folder.resolve(name + ".weights");
    Path filePart = Files.createTempFile(folder, name, ".part");
    Path weightsPart = Files.createTempFile(folder, name, ".part");
    try {
      record(graph, checkpoint, expected, filePart, weightsPart, weights);
      // The graph last: where it is, its weights are.
      appear(weightsPart, weights);
      appear(filePart, file);
      return file;
    } finally {
      Files.deleteIfExists(filePart);
      Files.deleteIfExists(weightsPart);
    }
  }

  /** At no moment is there none, which a move that is not atomic would delete first. */
  private static void appear(Path part, Path file) throws IOException {
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void record(
      BlipGraph graph,
      Checkpoint checkpoint,
      Map<String, long[]> expected,
      Path filePart,
      Path weightsPart,
      Path weights)
      throws IOException {
    Progress progress =
        new Progress(
            "writing %s %s of %s"
                .formatted(
                    graph.title(), precision.name().toLowerCase(Locale.ROOT), checkpoint.name()),
            expected);
    try (WeightsFile out = new WeightsFile(weightsPart, String.valueOf(weights.getFileName()));
        OutputStream model = Files.newOutputStream(filePart)) {
      GraphWriter writer = new GraphWriter(out);
      OnnxOps ops =
          new OnnxOps(
              writer,
              (parameter, shape) -> {
                float[] values = read(checkpoint, parameter, shape);
                progress.read(parameter, values.length);
                return values;
              },
              precision,
              largestWeight);
      graph.record(ops, checkpoint);
      writer.write(model);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    progress.end();
  }

  private static float[] read(Checkpoint checkpoint, String parameter, long... shape) {
    try {
      return checkpoint.read(parameter, shape);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts weights; one that is read twice counts once. */
  private final class Progress {

    private final String what;
    private final Map<String, long[]> left;
    private final long total;
    private long done;

    Progress(String what, Map<String, long[]> expected) {
      this.what = what;
      this.left = expected;
      this.total =
          expected.values().stream()
              .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
              .sum();
    }

    void read(String parameter, long values) {
      if (left.remove(parameter) != null) {
        done += values;
        listener.progress(what, Math.min(done, total - 1), total);
      }
    }

    void end() {
      listener.progress(what, total, total);
    }
  }
}
