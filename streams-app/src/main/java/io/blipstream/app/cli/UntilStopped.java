package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.utils.Signals;

/**
 * Waits for Ctrl-C or SIGTERM, and keeps the JVM from going away until the command has tidied up.
 *
 * <p>The signals are taken from the JVM, whose own answer is to run all shutdown hooks at once:
 * that of ONNX Runtime frees what is still being computed with, and whatever is loaded after it
 * fails for "Shutdown in progress". With them taken, no hook runs before the command has ended, and
 * its own status is the process's. Where signals cannot be taken, the JVM's shutdown is held up by
 * a hook.
 */
final class UntilStopped implements AutoCloseable {

  /** With the numbers that a shell adds to 128; a system that lacks one is never sent it. */
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch tidied = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");
  private volatile int signal = SIGNALS.get("TERM");

  UntilStopped() {
    Runtime.getRuntime().addShutdownHook(hook);
    SIGNALS.forEach((name, number) -> Signals.register(name, () -> signalled(number)));
  }

  /** Once there is nothing left to tidy up, as the JVM does it. */
  private void signalled(int number) {
    if (tidied.getCount() == 0) {
      System.exit(128 + number);
    }
    signal = number;
    ask();
  }

  /** The status of a process that the signal ended, as shells count. */
  int signalStatus() {
    return 128 + signal;
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

  /**
   * The same model, unless the process is asked to stop before it is loaded: there is no use in a
   * service that would join its group only to leave it.
   *
   * @return throws CommandFailure then; a model that was loaded all the same is closed
   */
  Supplier<CapFilt> unlessAsked(Supplier<CapFilt> model) {
    return () -> {
      requireNotAsked();
      CapFilt loaded = model.get();
      try {
        requireNotAsked();
      } catch (CommandFailure stopped) {
        loaded.close();
        throw stopped;
      }
      return loaded;
    };
  }

  private void requireNotAsked() {
    if (isAsked()) {
      throw new CommandFailure(ExitStatus.DONE, "Stopped while it started; nothing was read.");
    }
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
