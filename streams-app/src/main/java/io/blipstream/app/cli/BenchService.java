package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.ServiceSample;
import io.blipstream.app.cli.bench.ServiceSamples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A service in a process of its own, as {@code run} starts it, that tells what it has done. */
final class BenchService implements AutoCloseable {

  private static final Duration STOPS_WITHIN = Duration.ofSeconds(45);

  private final Process process;
  private final Path log;
  private final ServiceSamples samples = new ServiceSamples();

  private BenchService(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param jvm options such as {@code -Xmx1g}
   * @param arguments of {@code run}, that word included
   * @param log for what it says
   */
  static BenchService start(List<String> jvm, List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            BenchServiceMain.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    BenchService service = new BenchService(process, log);
    Thread reader = new Thread(service::read, "bench-samples");
    reader.setDaemon(true);
    reader.start();
    return service;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        ServiceSample.parse(line).ifPresent(samples::add);
        line = lines.readLine();
      }
    } catch (IOException e) {
      // The process has ended; who waits for it notices.
    }
  }

  ServiceSamples samples() {
    return samples;
  }

  /**
   * Waits until so many images are forwarded.
   *
   * @throws CommandFailure if the process ends before, or does nothing for a long time
   */
  void awaitImages(long images, Duration patience) throws InterruptedException {
    long before = samples.images();
    long deadline = System.nanoTime() + patience.toNanos();
    while (samples.images() < images) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new CommandFailure(
            ExitStatus.FAILED,
            "The service under measurement %s after %d of %d images; %s says why."
                .formatted(
                    process.isAlive() ? "stood still" : "ended", samples.images(), images, log));
      }
      if (samples.images() > before) {
        before = samples.images();
        deadline = System.nanoTime() + patience.toNanos();
      }
      Thread.sleep(20);
    }
  }

  /** As a SIGTERM does it: what is in flight is answered and committed. */
  void stop() throws InterruptedException {
    // Process.destroy would close the pipes, too, and the end of its input ends it at once.
    process.toHandle().destroy();
    if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new CommandFailure(
          ExitStatus.FAILED, "The service under measurement did not stop; see %s.".formatted(log));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
