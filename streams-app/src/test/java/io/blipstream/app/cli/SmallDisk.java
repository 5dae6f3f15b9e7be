package io.blipstream.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk of a few MB that only one shell script and what it starts can see: mounted in a namespace
 * of its own, so that it needs no root and goes with the script. Linux only, and only where users
 * may have namespaces.
 */
final class SmallDisk {

  /** Killing {@code unshare} kills all that runs in its namespace. */
  private static final List<String> APART =
      List.of("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child");

  private SmallDisk() {}

  /** Whether such a disk can be had here. */
  static boolean canBeMounted(Path folder) throws InterruptedException {
    try {
      Process tried =
          start(folder.resolve("tried"), 1, ":", List.of(), folder.resolve("tried.log"));
      return tried.waitFor(1, TimeUnit.MINUTES) && tried.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs a script beside such a disk.
   *
   * @param disk where it is mounted, {@code $DISK} to the script
   * @param script its {@code "$@"} is the command
   * @param log what all print is appended here
   */
  static Process start(Path disk, int megabytes, String script, List<String> command, Path log)
      throws IOException {
    List<String> all = new ArrayList<>(APART);
    String mounted =
        "mkdir -p \"$DISK\" && mount -t tmpfs -o size=%dm tmpfs \"$DISK\" || exit 99%n%s%n"
            .formatted(megabytes, script);
    all.addAll(List.of("sh", "-c", mounted, "sh"));
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("DISK", disk.toString());
    return builder.start();
  }
}
