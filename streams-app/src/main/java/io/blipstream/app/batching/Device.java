package io.blipstream.app.batching;

import io.blipstream.app.batching.LaneQueue.Item;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One device: computes a batch, in parts if it must, and tells bad items from its own death.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>An item fails only on three grounds together: it failed alone; that was not its first
 *       failure; and the device works, shown by a success after it or by the probe. So neither a
 *       passing fault nor a dead device turns images into rejects.
 *   <li>While the device is dead its batch is kept, neither failed nor answered, and tried again
 *       with growing pauses. Closing ends the wait.
 *   <li>A batch that is too large for the memory is computed in parts that fit, and the size is
 *       remembered ({@link MemoryBound}); not so if a single item was too large for all of it.
 * </ol>
 */
final class Device<I, O> {

  private static final long IDLE = 0;

  /**
   * Between attempts at a dead device: at first to ride out a hiccup, then to leave it in peace.
   */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private static final Duration LAST_PAUSE = Duration.ofSeconds(10);

  /** Failures without proof before the probe is asked: dead devices are found early. */
  private static final int UNPROVEN = 2;

  /** So many results are handed out at once: small enough that several threads share a batch. */
  private static final int ANSWERS_AT_ONCE = 16;

  private final BatchFunction<I, O> function;
  private final Executor answers;
  private final MemoryBound bound;
  private final DeviceCounts counts = new DeviceCounts();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile long runningSince = IDLE;
  private volatile String failing = "";
  private volatile boolean abandoned;

  /** Set before the thread starts. */
  Thread owner;

  private record Failed<I, O>(Item<I, O> item, Throwable cause) {}

  Device(BatchFunction<I, O> function, Executor answers, int maxItems) {
    this.function = function;
    this.answers = answers;
    this.bound = new MemoryBound(maxItems);
  }

  /** Most items of the next batch. */
  int maxItems() {
    return bound.next();
  }

  /** Ends the wait for a dead device; what it held fails as not computed. */
  void close() {
    closing.countDown();
  }

  /** Closes, and ends what the device is at as soon as it heeds an interrupt. */
  void abandon() {
    abandoned = true;
    close();
    owner.interrupt();
  }

  /** Settles every item of the batch, however long the device is dead meanwhile. */
  void compute(List<Item<I, O>> batch) {
    long now = System.nanoTime();
    batch.forEach(item -> function.waited(now - item.since()));
    List<Item<I, O>> left = new Attempt(batch).run();
    Duration pause = FIRST_PAUSE;
    while (!left.isEmpty()) {
      if (closesWithin(pause)) {
        left.forEach(item -> item.result().completeExceptionally(new BatcherClosedException()));
        return;
      }
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : doubled;
      left = new Attempt(left).run();
    }
  }

  private boolean closesWithin(Duration pause) {
    long deadline = System.nanoTime() + pause.toNanos();
    while (true) {
      try {
        return closing.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        // Owner threads are ended by closing, not by interrupts; a device left this one behind.
      }
    }
  }

  /** Asks the probe, and remembers what it says. */
  private boolean works() {
    counts.probes.increment();
    started();
    try {
      function.probe();
      failing = "";
      return true;
    } catch (Throwable failure) { // As in Attempt.
      failing = failure.toString();
      return false;
    } finally {
      stopped();
    }
  }

  /** One pass over a batch. */
  private final class Attempt {

    private final Deque<List<Item<I, O>>> parts = new ArrayDeque<>();
    private final Set<Item<I, O>> suspects = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Failed<I, O>> unproven = new ArrayList<>();
    private final int boundBefore = bound.known();

    Attempt(List<Item<I, O>> batch) {
      parts.add(batch);
    }

    /** Gives the items that are still open because the device is dead or abandoned. */
    List<Item<I, O>> run() {
      while (!parts.isEmpty() || !unproven.isEmpty()) {
        if (abandoned) {
          return stillOpen();
        } else if (unproven.size() >= UNPROVEN || parts.isEmpty()) {
          if (!works()) {
            return stillOpen();
          }
          failUnproven();
        } else {
          compute(open(parts.removeFirst()));
        }
      }
      return List.of();
    }

    /** Tasks may have closed meanwhile; nobody waits for their items any more. */
    private List<Item<I, O>> open(List<Item<I, O>> part) {
      List<Item<I, O>> open = part.stream().filter(item -> !item.result().isDone()).toList();
      counts.skippedItems.add(part.size() - (long) open.size());
      return open;
    }

    private void compute(List<Item<I, O>> part) {
      int most = bound.next();
      if (part.size() > most) {
        split(part, most);
      } else if (!part.isEmpty()) {
        List<O> results;
        try {
          results = call(part.stream().map(Item::input).toList());
        } catch (
            Throwable failure) { // An Error must neither end the owner nor leave anyone waiting.
          failed(part, failure);
          return;
        }
        answer(part, results);
      }
    }

    private void answer(List<Item<I, O>> part, List<O> results) {
      counts.items.add(part.size());
      bound.held(part.size());
      for (int from = 0; from < part.size(); from += ANSWERS_AT_ONCE) {
        int to = Math.min(part.size(), from + ANSWERS_AT_ONCE);
        handOut(part.subList(from, to), results.subList(from, to));
      }
      failing = "";
      failUnproven();
    }

    private void failed(List<Item<I, O>> part, Throwable failure) {
      counts.failedBatches.increment();
      boolean tooLarge = function.isOutOfMemory(failure);
      if (tooLarge) {
        counts.outOfMemory.increment();
        bound.exceeded(part.size());
      }
      if (part.size() > 1) {
        // Too large is no fault of an item's, so it makes none a suspect.
        if (!tooLarge) {
          suspects.addAll(part);
        }
        split(part, part.size() / 2);
      } else if (suspects.add(part.get(0))) {
        parts.addLast(part);
      } else {
        unproven.add(new Failed<>(part.get(0), failure));
      }
    }

    private void split(List<Item<I, O>> part, int at) {
      parts.addFirst(part.subList(at, part.size()));
      parts.addFirst(part.subList(0, at));
    }

    private void failUnproven() {
      for (Failed<I, O> failed : unproven) {
        counts.failedItems.increment();
        if (function.isOutOfMemory(failed.cause())) {
          // It fits nowhere, and the device is well: memory was short for this item only.
          bound.restore(boundBefore);
        }
        failed.item().result().completeExceptionally(failed.cause());
      }
      unproven.clear();
    }

    /** Those that failed come last: if only they and the probe are bad, another one shows it. */
    private List<Item<I, O>> stillOpen() {
      List<Item<I, O>> all = new ArrayList<>();
      parts.forEach(all::addAll);
      unproven.forEach(failed -> all.add(failed.item()));
      return open(all);
    }
  }

  private void handOut(List<Item<I, O>> items, List<O> results) {
    Runnable complete =
        () -> {
          for (int i = 0; i < items.size(); i++) {
            items.get(i).result().complete(results.get(i));
          }
        };
    try {
      answers.execute(complete);
    } catch (RejectedExecutionException e) {
      // Shutting down; whoever waits must not wait for ever.
      complete.run();
    }
  }

  private List<O> call(List<I> inputs) {
    started();
    try {
      List<O> results = function.apply(inputs);
      if (results == null || results.size() != inputs.size()) {
        throw new IllegalStateException(
            "The device gave "
                + (results == null ? "no" : results.size())
                + " results for "
                + inputs.size()
                + " items");
      }
      // A null among them fails here and not with whoever waits for it.
      return List.copyOf(results);
    } finally {
      counts.batches.increment();
      counts.busyNanos.add(stopped());
    }
  }

  private void started() {
    long now = System.nanoTime();
    runningSince = now == IDLE ? 1 : now;
  }

  /** Nanoseconds since it started. */
  private long stopped() {
    long nanos = System.nanoTime() - runningSince;
    runningSince = IDLE;
    return nanos;
  }

  Duration runningFor() {
    long since = runningSince;
    return since == IDLE ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  DeviceHealth health(Duration patience) {
    Duration running = runningFor();
    if (running.compareTo(patience) > 0) {
      return new DeviceHealth(
          DeviceHealth.State.HANGING,
          "The model has been at one batch for "
              + running.toMillis()
              + " ms, longer than the "
              + patience.toMillis()
              + " ms it may take.");
    }
    String cause = failing;
    return cause.isEmpty()
        ? DeviceHealth.WELL
        : new DeviceHealth(
            DeviceHealth.State.FAILING,
            "The model fails on an image that it must be able to judge (" + cause + ").");
  }

  int memoryBound() {
    return bound.known();
  }

  DeviceCounts counts() {
    return counts;
  }
}
