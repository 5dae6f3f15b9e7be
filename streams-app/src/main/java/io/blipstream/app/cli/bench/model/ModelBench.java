package io.blipstream.app.cli.bench.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    Path log = Files.createTempFile("blipstream-bench", ".log");
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + HEAP,
                  "-Djava.awt.headless=true",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ModelProcess.class.getName()));
      command.addAll(ModelProcess.arguments(given));
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      try {
        String printed =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0 || printed.isEmpty()) {
          throw new IOException(failure(given, log));
        }
        return JSON.readValue(printed.substring(printed.lastIndexOf('\n') + 1), ModelResult.class);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.deleteIfExists(log);
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
