package io.blipstream.app.cli.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A JVM of this same installation, with what it prints in a file. Closing it kills it. */
public final class Child implements AutoCloseable {

  /** The kernel takes a moment; a process that it cannot end in that time hangs in the kernel. */
  private static final Duration DEATH = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Whether this system has the signals that freeze and thaw. */
  public static boolean canBeFrozen() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return system.contains("linux") || system.contains("mac");
  }

  /**
   * Starts a JVM with our own class path.
   *
   * @param mainClass what it runs
   * @param heap its {@code -Xmx}
   * @param log what it prints is appended here
   */
  public static Child start(String mainClass, String heap, List<String> arguments, Path log)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                // What starts fast and costs little, since it will not live long.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
    command.addAll(arguments);
    return new Child(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start(),
        log);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The exit status of a child that has ended. */
  public int exitStatus() {
    return process.exitValue();
  }

  /** SIGKILL: no shutdown hook runs, no socket is closed in an orderly way. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("Process " + process.pid() + " survived being killed");
    }
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** Whether it has ended by then. */
  public boolean await(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** SIGSTOP: it stops wherever it is, and its sockets stay open. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT: it goes on as if nothing had happened. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  public Path log() {
    return log;
  }

  /** All that it has printed, and those before it on the same log. */
  public String printed() throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
