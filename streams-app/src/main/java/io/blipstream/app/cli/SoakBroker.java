package io.blipstream.app.cli;

import io.blipstream.app.cli.soak.Child;
import io.blipstream.app.cli.soak.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Broker and registry of a soak: the command {@code broker} in a process that can be disturbed. */
final class SoakBroker implements AutoCloseable {

  private static final Duration UP_WITHIN = Duration.ofMinutes(5);
  private static final Duration DOWN_WITHIN = Duration.ofMinutes(2);
  private static final String HEAP = "512m";
  private static final String READY = "Stop with Ctrl-C.";
  private static final Pattern KAFKA = Pattern.compile("(?m)^kafka +(\\S+:(\\d+))$");
  private static final Pattern REGISTRY = Pattern.compile("(?m)^schema registry +(\\S+:(\\d+))$");

  private final Path data;
  private final Path log;
  private final String bootstrapServers;
  private final String registryUrl;
  private final List<String> ports;
  private Child process;
  private int starts;

  /** Returns when both take requests. */
  SoakBroker(Path folder) throws IOException, InterruptedException {
    data = folder.resolve("broker");
    log = folder.resolve("broker.log");
    Files.deleteIfExists(log);
    process = start(List.of("--port=0", "--registry-port=0"));
    try {
      awaitReady();
      Matcher kafka = find(KAFKA);
      Matcher registry = find(REGISTRY);
      bootstrapServers = kafka.group(1);
      registryUrl = registry.group(1);
      ports = List.of("--port=" + kafka.group(2), "--registry-port=" + registry.group(2));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  String registryUrl() {
    return registryUrl;
  }

  /** Freezes it for a while: every client waits, and connections stay open. */
  void freeze(Duration time, Fleet.Waiting waiting) throws IOException, InterruptedException {
    process.freeze();
    try {
      waiting.forA(time);
    } finally {
      process.thaw();
    }
  }

  /**
   * Stops it in an orderly way and starts it again on the same data and ports.
   *
   * <p>What is committed while it stops must be told to all partitions, now or when they are back:
   * of that Kafka 4.3 is not capable by itself (see {@code KafkaNode}).
   */
  void restart() throws IOException, InterruptedException {
    process.terminate();
    if (!process.await(DOWN_WITHIN)) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "The broker did not stop within %d s; see %s.".formatted(DOWN_WITHIN.toSeconds(), log));
    }
    process = start(ports);
    awaitReady();
  }

  private Child start(List<String> flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("broker", "--data=" + data));
    arguments.addAll(flags);
    starts++;
    return Child.start(Main.class.getName(), HEAP, arguments, log);
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    while (process.printed().split(Pattern.quote(READY), -1).length <= starts) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new CommandFailure(
            ExitStatus.FAILED, "The broker did not start; %s says why.".formatted(log));
      }
      Thread.sleep(100);
    }
  }

  private Matcher find(Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(process.printed());
    if (!matcher.find()) {
      throw new CommandFailure(
          ExitStatus.FAILED, "The broker did not say where it listens; see %s.".formatted(log));
    }
    return matcher;
  }

  @Override
  public void close() {
    process.close();
  }
}
