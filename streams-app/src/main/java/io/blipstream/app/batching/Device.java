package io.blipstream.app.batching;

import io.blipstream.app.batching.LaneQueue.Item;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** One device with its counts: computes a batch, in halves if it must. */
final class Device<I, O> {

  private static final long IDLE = 0;

  private final BatchFunction<I, O> function;
  private final LongAdder batches = new LongAdder();
  private final LongAdder items = new LongAdder();
  private final LongAdder failedItems = new LongAdder();
  private final LongAdder skippedItems = new LongAdder();
  private final LongAdder failedBatches = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private volatile long runningSince = IDLE;

  /** Set before the thread starts. */
  Thread owner;

  Device(BatchFunction<I, O> function) {
    this.function = function;
  }

  void compute(List<Item<I, O>> batch) {
    List<O> results;
    try {
      results = call(batch.stream().map(Item::input).toList());
    } catch (
        Throwable failure) { // An Error, too, must neither end the owner nor leave anyone waiting.
      failedBatches.increment();
      bisect(batch, failure);
      return;
    }
    items.add(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).result().complete(results.get(i));
    }
  }

  private List<O> call(List<I> inputs) {
    long start = System.nanoTime();
    runningSince = start == IDLE ? 1 : start;
    try {
      List<O> results = function.apply(inputs);
      if (results.size() != inputs.size()) {
        throw new IllegalStateException(
            "The device gave " + results.size() + " results for " + inputs.size() + " items");
      }
      // A null among them fails here and not with whoever waits for it.
      return List.copyOf(results);
    } finally {
      batches.increment();
      busyNanos.add(System.nanoTime() - start);
      runningSince = IDLE;
    }
  }

  private void bisect(List<Item<I, O>> batch, Throwable failure) {
    if (batch.size() == 1) {
      failedItems.increment();
      batch.get(0).result().completeExceptionally(failure);
      return;
    }
    int middle = batch.size() / 2;
    computeOpen(batch.subList(0, middle));
    computeOpen(batch.subList(middle, batch.size()));
  }

  /** Tasks may have closed while the whole batch was failing. */
  private void computeOpen(List<Item<I, O>> half) {
    List<Item<I, O>> open = half.stream().filter(item -> !item.result().isDone()).toList();
    skippedItems.add(half.size() - (long) open.size());
    if (!open.isEmpty()) {
      compute(open);
    }
  }

  private Duration runningFor() {
    long since = runningSince;
    return since == IDLE ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  static <I, O> BatcherStatistics sum(
      List<Device<I, O>> devices, long skipped, int queued, long queuedBytes, int maxItems) {
    return new BatcherStatistics(
        devices.stream().mapToLong(d -> d.batches.sum()).sum(),
        devices.stream().mapToLong(d -> d.items.sum()).sum(),
        devices.stream().mapToLong(d -> d.failedItems.sum()).sum(),
        skipped + devices.stream().mapToLong(d -> d.skippedItems.sum()).sum(),
        devices.stream().mapToLong(d -> d.failedBatches.sum()).sum(),
        queued,
        queuedBytes,
        Duration.ofNanos(devices.stream().mapToLong(d -> d.busyNanos.sum()).sum()),
        devices.stream().map(Device::runningFor).max(Duration::compareTo).orElse(Duration.ZERO),
        maxItems);
  }
}
