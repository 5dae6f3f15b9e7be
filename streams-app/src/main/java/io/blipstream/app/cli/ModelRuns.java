package io.blipstream.app.cli;

import io.blipstream.model.BlipEngines;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How a command that computes until it is done is cut off by Ctrl-C or SIGTERM: its thread is
 * interrupted, which ends what the model computes, and closes all that it has open before the
 * process exits. Were it left at its work, the exit would free what native code computes with.
 */
final class ModelRuns {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private ModelRuns() {}

  /**
   * @param <E> what it may throw
   */
  interface Command<E extends Exception> {
    int run() throws E;
  }

  /**
   * Runs a command, on this thread.
   *
   * @return its status; if it was cut off, the one that tells the signal
   */
  static <E extends Exception> int endedAtExit(Command<E> command) throws E {
    CountDownLatch ended = new CountDownLatch(1);
    try (UntilStopped stop = new UntilStopped()) {
      Thread running = Thread.currentThread();
      Thread cutting = new Thread(() -> cutOff(running, stop, ended), "cut-off");
      cutting.setDaemon(true);
      cutting.start();
      try {
        return command.run();
      } catch (Exception e) {
        if (stop.isAsked()) {
          return stop.signalStatus();
        }
        throw e;
      } finally {
        ended.countDown();
        cutting.interrupt();
      }
    }
  }

  /**
   * To be called now and then by what would not notice an interrupt.
   *
   * @throws CancellationException if the command is being cut off
   */
  static void requireWanted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("The command is being cut off.");
    }
  }

  private static void cutOff(Thread running, UntilStopped stop, CountDownLatch ended) {
    try {
      stop.await();
      running.interrupt();
      if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        BlipEngines.endRuns(PATIENCE);
        stop.close();
        System.exit(stop.signalStatus());
      }
    } catch (InterruptedException e) {
      // The command has ended.
    }
  }
}
