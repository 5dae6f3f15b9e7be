package io.blipstream.app.cli.soak;

import io.blipstream.app.cli.CommandFailure;
import io.blipstream.app.cli.ExitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The processes of one stream, and what is done to them. Closing it kills them all. */
public final class Fleet implements AutoCloseable {

  /** What {@code run} promises, and something for a machine that is busy. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(45);

  /** One in a while may be bad luck with a broker that was away; more are a mistake. */
  private static final int MOST_FAILURES = 10;

  private final Launch launch;
  private final Consumer<String> said;
  private final List<Child> children = new ArrayList<>();
  private final Map<Disturbance.Kind, Integer> done = new EnumMap<>(Disturbance.Kind.class);
  private int endedThemselves;
  private int failures;
  private int stoppedLate;

  /** Starts process number n. */
  @FunctionalInterface
  public interface Launch {
    Child start(int number) throws IOException;
  }

  /** Waits, unless all is to end. */
  @FunctionalInterface
  public interface Waiting {
    void forA(Duration time) throws InterruptedException;
  }

  /**
   * @param said told, in words, what happens
   */
  public Fleet(Launch launch, Consumer<String> said) {
    this.launch = launch;
    this.said = said;
    for (Disturbance.Kind kind : Disturbance.Kind.values()) {
      done.put(kind, 0);
    }
  }

  public void start(int processes) throws IOException {
    for (int number = 0; number < processes; number++) {
      children.add(launch.start(number));
    }
  }

  /** Does it, waits as long as it lasts, and undoes it. */
  public void disturb(Disturbance disturbance, Waiting waiting)
      throws IOException, InterruptedException {
    int victim = disturbance.victim();
    Child child = children.get(victim);
    said.accept(
        "%s process %s for %d ms"
            .formatted(
                disturbance.kind().key(),
                disturbance.kind() == Disturbance.Kind.KILL_ALL ? "0.." : victim,
                disturbance.lasting().toMillis()));
    done.merge(disturbance.kind(), 1, Integer::sum);
    switch (disturbance.kind()) {
      case KILL -> {
        child.kill();
        waiting.forA(disturbance.lasting());
        children.set(victim, launch.start(victim));
      }
      case TERMINATE -> {
        child.terminate();
        awaitEnd(victim);
        waiting.forA(disturbance.lasting());
        children.set(victim, launch.start(victim));
      }
      case FREEZE -> {
        child.freeze();
        waiting.forA(disturbance.lasting());
        child.thaw();
      }
      case KILL_ALL -> {
        for (Child one : children) {
          one.kill();
        }
        waiting.forA(disturbance.lasting());
        for (int number = 0; number < children.size(); number++) {
          children.set(number, launch.start(number));
        }
      }
    }
  }

  /**
   * Starts again what ended without having been asked to; a count says that it happened.
   *
   * @throws CommandFailure if a process does so again and again, and not for want of a broker
   */
  public void keepUp() throws IOException {
    for (int number = 0; number < children.size(); number++) {
      Child child = children.get(number);
      if (child.isAlive()) {
        continue;
      }
      said.accept(
          "process %d ended by itself with status %d, see %s"
              .formatted(number, child.exitStatus(), child.log()));
      endedThemselves++;
      if (child.exitStatus() != ExitStatus.MISSING.code() && ++failures > MOST_FAILURES) {
        throw new CommandFailure(
            ExitStatus.FAILED,
            "The service ends by itself again and again; %s says why.".formatted(child.log()));
      }
      children.set(number, launch.start(number));
    }
  }

  /** Asks all to stop, and waits until they have. */
  public void stop() throws InterruptedException {
    children.forEach(Child::terminate);
    for (int number = 0; number < children.size(); number++) {
      awaitEnd(number);
    }
  }

  private void awaitEnd(int number) throws InterruptedException {
    Child child = children.get(number);
    if (!child.await(STOPS_WITHIN)) {
      stoppedLate++;
      said.accept(
          "process %d did not stop within %d s of SIGTERM"
              .formatted(number, STOPS_WITHIN.toSeconds()));
      child.kill();
    }
  }

  /** How often each thing was done. */
  public Map<Disturbance.Kind, Integer> done() {
    return new EnumMap<>(done);
  }

  /** Processes that ended without having been asked to. */
  public int endedThemselves() {
    return endedThemselves;
  }

  /** Processes that did not stop in time when asked to. */
  public int stoppedLate() {
    return stoppedLate;
  }

  @Override
  public void close() {
    children.forEach(Child::close);
  }
}
