package io.blipstream.model.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Threads that work at a batch's images side by side.
 *
 * <p>Images have nothing to say to each other, so a core to an image loses nothing to waiting,
 * which cores that share the small operations of one image do; and what an image needs stays in its
 * core's cache.
 */
final class Workers implements AutoCloseable {

  private final int count;
  private final ExecutorService others;

  /**
   * @param count threads, the caller's among them
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

  /**
   * Runs {@code task} for 0 to {@code tasks} - 1, each once, and returns when all have ended.
   *
   * @throws RuntimeException the first failure; tasks that had not begun by then are left out
   */
  void each(int tasks, IntConsumer task) {
    Round round = new Round(tasks, task);
    List<Future<?>> helping = new ArrayList<>();
    for (int i = 1; i < Math.min(count, tasks); i++) {
      helping.add(others.submit(round::work));
    }
    round.work();
    helping.forEach(Workers::await);
    round.throwFailure();
  }

  /** Splits so many images into as many runs as there are workers, no two differing by over one. */
  List<Span> split(int images) {
    List<Span> spans = new ArrayList<>();
    int runs = Math.min(count, images);
    for (int i = 0; i < runs; i++) {
      int from = images * i / runs;
      spans.add(new Span(from, images * (i + 1) / runs - from));
    }
    return spans;
  }

  /** Some neighbouring images of a batch. */
  record Span(int from, int count) {}

  private static void await(Future<?> helping) {
    boolean interrupted = false;
    while (true) {
      try {
        helping.get();
        break;
      } catch (InterruptedException e) {
        // The buffers are in use until the work has ended.
        interrupted = true;
      } catch (ExecutionException | CancellationException e) {
        throw new IllegalStateException("work never fails by itself", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

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

    Round(int tasks, IntConsumer task) {
      this.tasks = tasks;
      this.task = task;
    }

    void work() {
      for (int i = next.getAndIncrement();
          i < tasks && failure == null;
          i = next.getAndIncrement()) {
        try {
          task.accept(i);
        } catch (RuntimeException | Error e) {
          failure = e;
        }
      }
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
