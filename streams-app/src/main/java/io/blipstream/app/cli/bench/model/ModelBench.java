package io.blipstream.app.cli.bench.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.app.cli.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures each case in a JVM of its own: so its peak of memory is its own, and no case warms up
 * another's code or leaves it a setting of the process.
 */
public final class ModelBench {

  private static final JsonMapper JSON = new JsonMapper();

  /** Weights are outside the heap. */
  private static final String HEAP = "1g";

  private static final int LINES_OF_FAILURE = 5;

  private ModelBench() {}

  /**
   * Measures a stage.
   *
   * @throws IOException with the process's last words, if it failed
   */
  public static ModelResult run(ModelCase given) throws IOException, InterruptedException {
    return inChild(given);
  }

  /** Measures large matrix products in 32 bits: what a network could reach at most. */
  public static ModelResult ceiling(int threads, double seconds, int repeats)
      throws IOException, InterruptedException {
    return inChild(new ModelProcess.Ceiling(threads, seconds, repeats));
  }

  private static ModelResult inChild(Record given) throws IOException, InterruptedException {
    try (WorkFolder work = WorkFolder.open(Optional.empty(), "blipstream-bench-case-")) {
      Path said = work.path().resolve("said");
      Path log = work.path().resolve("log");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + HEAP,
                  "-Djava.awt.headless=true",
                  // A process that is ended leaves the native libraries that it unpacked.
                  "-Djava.io.tmpdir=" + work.path(),
                  // Ctrl-C is for it, too: it then ends without hooks, which crash what computes.
                  "-Xrs",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ModelProcess.class.getName()));
      command.addAll(ModelProcess.arguments(given));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(said.toFile())
              .redirectError(log.toFile())
              .start();
      try {
        // Not by its pipe: to read one cannot be interrupted.
        int status = process.waitFor();
        String printed = Files.readString(said).strip();
        if (status != 0 || printed.isEmpty()) {
          throw new IOException(failure(given, log));
        }
        return JSON.readValue(printed.substring(printed.lastIndexOf('\n') + 1), ModelResult.class);
      } finally {
        process.destroyForcibly().onExit().join();
      }
    }
  }

  private static String failure(Record given, Path log) throws IOException {
    List<String> lines =
        Files.readAllLines(log).stream().filter(line -> !line.startsWith("\tat ")).toList();
    return "The JVM that measured %s failed: %s"
        .formatted(
            given,
            String.join(
                " / ", lines.subList(Math.max(0, lines.size() - LINES_OF_FAILURE), lines.size())));
  }
}
