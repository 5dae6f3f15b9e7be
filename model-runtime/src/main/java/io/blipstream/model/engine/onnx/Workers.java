package io.blipstream.model.engine.onnx;

import io.blipstream.model.engine.BlipEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Threads that work at images side by side.
 *
 * <p>Images have nothing to say to each other, so a core to an image loses nothing to waiting,
 * which cores that share the small operations of one image do; and what an image needs stays in its
 * core's cache.
 *
 * <p>Each batch has the core of the thread that brought it. Cores that no batch brought help where
 * there are images that nobody is at yet, and leave as soon as there are batches for all cores.
 */
final class Workers implements AutoCloseable {

  private final int count;
  private final ExecutorService others;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger helping = new AtomicInteger();

  /**
   * @param count cores, those of the callers among them
   */
  Workers(int count) {
    this.count = count;
    AtomicInteger number = new AtomicInteger();
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, count - 1),
            task -> {
              Thread thread = new Thread(task, "blip-worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  int count() {
    return count;
  }

  /** Takes a core for a batch of this thread's. */
  BlipEngine.Call begin() {
    calls.incrementAndGet();
    return new BlipEngine.Call() {

      @Override
      public int underWay() {
        return calls.get();
      }

      @Override
      public void close() {
        calls.decrementAndGet();
      }
    };
  }

  /** Cores that no batch brought. */
  private int spare() {
    return Math.max(0, count - Math.max(1, calls.get()));
  }

  /**
   * Runs {@code task} for 0 to {@code tasks} - 1, each once, and returns when all have ended.
   *
   * @throws RuntimeException the first failure; tasks that had not begun by then are left out
   */
  void each(int tasks, IntConsumer task) {
    Round round = new Round(tasks, task);
    for (int i = 0; i < Math.min(spare(), tasks - 1); i++) {
      others.execute(() -> help(round));
    }
    round.finish();
    round.throwFailure();
  }

  private void help(Round round) {
    if (!round.enter()) {
      return;
    }
    helping.incrementAndGet();
    try {
      boolean more = true;
      while (more && helping.get() <= spare()) {
        more = round.runOne();
      }
    } finally {
      helping.decrementAndGet();
      round.leave();
    }
  }

  /**
   * Splits so many images into as many runs as there are cores for them, no two differing by over
   * one.
   */
  List<Span> split(int images) {
    List<Span> spans = new ArrayList<>();
    int runs = Math.min(1 + spare(), images);
    for (int i = 0; i < runs; i++) {
      int from = images * i / runs;
      spans.add(new Span(from, images * (i + 1) / runs - from));
    }
    return spans;
  }

  /** Some neighbouring images of a batch. */
  record Span(int from, int count) {}

  @Override
  public void close() {
    others.shutdown();
  }

  /** The tasks of one call. */
  private static final class Round {

    private final int tasks;
    private final IntConsumer task;
    private final AtomicInteger next = new AtomicInteger();
    private volatile Throwable failure;
    private int helpers;
    private boolean over;

    Round(int tasks, IntConsumer task) {
      this.tasks = tasks;
      this.task = task;
    }

    /** False if the helper comes too late. */
    synchronized boolean enter() {
      if (!over) {
        helpers++;
      }
      return !over;
    }

    synchronized void leave() {
      helpers--;
      notifyAll();
    }

    /** Runs what is left, and waits for the helpers: the buffers are in use until they are done. */
    void finish() {
      boolean more = true;
      while (more) {
        more = runOne();
      }
      boolean interrupted = false;
      synchronized (this) {
        over = true;
        while (helpers > 0) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** Runs a task, if there is one left. */
    boolean runOne() {
      int number = next.getAndIncrement();
      if (number >= tasks || failure != null) {
        return false;
      }
      try {
        task.accept(number);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      return true;
    }

    void throwFailure() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }
}
