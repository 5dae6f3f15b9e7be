package io.blipstream.app.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for Ctrl-C or SIGTERM, and keeps the JVM from going away until the command has tidied up:
 * the JVM waits for its shutdown hooks, and this one waits for {@link #close}.
 */
final class UntilStopped implements AutoCloseable {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch tidied = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");

  UntilStopped() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Returns when the process is asked to stop, or {@link #ask} was called. */
  void await() throws InterruptedException {
    asked.await();
  }

  /**
   * Waits for so long at most.
   *
   * @return whether the process is asked to stop
   */
  boolean await(Duration patience) throws InterruptedException {
    return asked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** As if the process had been asked to stop. */
  void ask() {
    asked.countDown();
  }

  boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Lets the JVM end. To be closed last, hence opened first, by those who have more to close. */
  @Override
  public void close() {
    tidied.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is running, and has just been let go.
    }
  }

  private void stop() {
    asked.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        tidied.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
