package io.blipstream.app.cli.bench.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process that is in the machine's, mapped files included. */
final class Resident {

  private static final String PEAK = "VmHWM:";

  private Resident() {}

  /** The most it ever was, in bytes; 0 on systems without {@code /proc}. */
  static long peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
