package io.blipstream.app.cli;

import io.blipstream.model.BlipEngines;
import java.time.Duration;

/** What a model computes when the process is told to exit. */
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
   * Runs a command that computes until it is done: on Ctrl-C or SIGTERM the model ends what it is
   * at, and the process exits then. {@link UntilStopped} is for those that have more to end.
   */
  static <E extends Exception> int endedAtExit(Command<E> command) throws E {
    Thread hook = new Thread(ModelRuns::end, "end-runs");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return command.run();
    } finally {
      forget(hook);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // It is running.
    }
  }

  private static void end() {
    try {
      BlipEngines.endRuns(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
