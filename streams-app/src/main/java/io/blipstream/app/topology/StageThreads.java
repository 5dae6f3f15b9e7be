package io.blipstream.app.topology;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that carry events from the stream threads to the model and back.
 *
 * <p>Reading and decoding may wait for the model's queue, so outcomes have threads of their own: a
 * finished batch never queues behind images that wait for the next one. Links are fetched by
 * threads that then decode what they fetched, so that at most one fetched image a thread is in
 * memory; permits keep all decoding together to the number of decode threads.
 */
final class StageThreads implements AutoCloseable {

  private final ExecutorService decode;
  private final ExecutorService fetch;
  private final FetchLines lines;
  private final ExecutorService outcome;
  private final ScheduledExecutorService timer;
  private final Semaphore decodePermits;
  private volatile boolean closed;

  StageThreads(int decodeThreads, int fetchThreads, int fetchPerHost) {
    decode = Executors.newFixedThreadPool(decodeThreads, named("blipstream-decode"));
    fetch = Executors.newFixedThreadPool(fetchThreads, named("blipstream-fetch"));
    lines = new FetchLines(task -> quietly(() -> fetch.execute(task)), fetchPerHost);
    outcome = Executors.newFixedThreadPool(2, named("blipstream-outcome"));
    timer = Executors.newSingleThreadScheduledExecutor(named("blipstream-timer"));
    decodePermits = new Semaphore(decodeThreads, true);
  }

  void decode(Runnable task) {
    quietly(() -> decode.execute(task));
  }

  /** Runs a task that asks this host, when it is the host's turn. */
  void fetch(Optional<String> host, Runnable task) {
    lines.submit(host, task);
  }

  /** The threads of {@link #outcome}; rejects tasks once closed. */
  Executor outcomes() {
    return outcome;
  }

  void outcome(Runnable task) {
    quietly(() -> outcome.execute(task));
  }

  /** Runs a short task later, on the timer's thread. */
  void after(Duration delay, Runnable task) {
    quietly(
        () -> {
          var unused = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  Semaphore decodePermits() {
    return decodePermits;
  }

  /** Once closed, what fails may fail because it was interrupted: it says nothing of a record. */
  boolean isClosed() {
    return closed;
  }

  /** Interrupts what waits; what was taken on and not finished is read again by the next owner. */
  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    fetch.shutdownNow();
    decode.shutdownNow();
    outcome.shutdownNow();
  }

  private static void quietly(Runnable submission) {
    try {
      submission.run();
    } catch (RejectedExecutionException e) {
      // Shut down: the record stays open, its offset held, and is read again after a restart.
    }
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }
}
