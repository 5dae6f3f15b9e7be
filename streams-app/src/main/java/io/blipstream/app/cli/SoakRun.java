package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.cli.soak.SoakPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One soak: a broker, the streams of the plan side by side, and their summary. */
final class SoakRun {

  private static final Duration FIRST_BROKER_DISTURBANCE = Duration.ofSeconds(30);
  private static final int BROKER_QUIET_SECONDS = 30;
  private static final int BROKER_FREEZE_MILLIS = 4_000;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final SoakPlan plan;
  private final String serviceMain;
  private final Path folder;
  private final PrintWriter err;
  private final UntilStopped stop;
  private final long start = System.nanoTime();
  private int brokerFreezes;
  private int brokerRestarts;

  /**
   * @param serviceMain main class of the service's processes: ours, or one that breaks something
   * @param folder for data and logs
   */
  SoakRun(SoakPlan plan, String serviceMain, Path folder, PrintWriter err, UntilStopped stop) {
    this.plan = plan;
    this.serviceMain = serviceMain;
    this.folder = folder;
    this.err = err;
    this.stop = stop;
  }

  /** Runs it to its end and tells what was found. */
  ObjectNode run() throws IOException, InterruptedException, ExecutionException {
    say("seed " + plan.seed() + ", logs in " + folder);
    ExecutorService threads = Executors.newCachedThreadPool();
    try (SoakBroker broker = new SoakBroker(folder)) {
      try {
        List<SoakStream.Result> results = results(broker, threads);
        return SoakSummary.of(plan, results, brokerFreezes, brokerRestarts, seconds());
      } finally {
        // What still runs notices it at its next pause, and kills its processes.
        stop.ask();
        threads.shutdown();
        threads.awaitTermination(2, TimeUnit.MINUTES);
      }
    }
  }

  private List<SoakStream.Result> results(SoakBroker broker, ExecutorService threads)
      throws InterruptedException, ExecutionException {
    var running = new ExecutorCompletionService<Optional<SoakStream.Result>>(threads);
    CountDownLatch warm = new CountDownLatch(plan.streams().size());
    for (SoakPlan.StreamKind kind : plan.streams()) {
      SoakStream stream =
          new SoakStream(
              plan, kind, broker, serviceMain, folder, this::pause, warm::countDown, this::say);
      running.submit(() -> Optional.of(stream.call()));
    }
    int tasks = plan.streams().size();
    if (plan.disturbsBroker()) {
      running.submit(() -> disturb(broker, warm));
      tasks++;
    }
    List<SoakStream.Result> results = new ArrayList<>();
    for (int ended = 0; ended < tasks; ended++) {
      // The first failure is everybody's.
      running.take().get().ifPresent(results::add);
    }
    return results;
  }

  /** Restarts and freezes the broker in turns, until the time of disturbances is over. */
  private Optional<SoakStream.Result> disturb(SoakBroker broker, CountDownLatch warm)
      throws IOException, InterruptedException {
    while (!warm.await(0, TimeUnit.SECONDS)) {
      pause(LOOK_EVERY);
    }
    Random random = new Random(plan.seed());
    long end = System.nanoTime() + plan.time().toNanos();
    Duration quiet = FIRST_BROKER_DISTURBANCE;
    while (System.nanoTime() + quiet.toNanos() < end) {
      pause(quiet);
      if ((brokerFreezes + brokerRestarts) % 2 == 0) {
        brokerRestarts++;
        say("broker and registry: stop and start again");
        broker.restart();
        say("broker and registry: up again");
      } else {
        brokerFreezes++;
        int millis = BROKER_FREEZE_MILLIS / 2 + random.nextInt(BROKER_FREEZE_MILLIS);
        say("broker and registry: freeze for " + millis + " ms");
        broker.freeze(Duration.ofMillis(millis), this::pause);
      }
      quiet = Duration.ofSeconds(BROKER_QUIET_SECONDS + random.nextInt(BROKER_QUIET_SECONDS));
    }
    return Optional.empty();
  }

  private void pause(Duration time) throws InterruptedException {
    if (stop.await(time)) {
      throw new CommandFailure(ExitStatus.FAILED, "Stopped before the end: nothing was checked.");
    }
  }

  private double seconds() {
    return Math.round((System.nanoTime() - start) / 1e8) / 10.0;
  }

  private synchronized void say(String sentence) {
    err.printf(Locale.ROOT, "%6.1f s  %s%n", seconds(), sentence);
    err.flush();
  }
}
