package io.blipstream.app.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * What a batcher has done since it started; fill and busy share are the figures to tune by.
 *
 * @param batches calls of a device, parts of failed batches included, probes not
 * @param items that got a result
 * @param failedItems that failed alone
 * @param skippedItems cancelled before they cost device time
 * @param failedBatches calls that threw or gave a wrong number of results
 * @param outOfMemory of these, those that did not fit into memory
 * @param probes calls with something known to work, to tell a bad item from a dead device
 * @param queuedItems waiting now
 * @param queuedBytes waiting now
 * @param busy time that a device spent in batches, the mean of all, finished calls only
 * @param running how long a device's call that still runs has taken so far, the mean of all
 * @param longestRunning how long the oldest call still running has taken so far; zero when idle
 * @param maxItems the batch size that fill compares with
 * @param memoryBound the batch size that fits into memory, of the smallest device; {@code maxItems}
 *     unless memory is short
 */
public record BatcherStatistics(
    long batches,
    long items,
    long failedItems,
    long skippedItems,
    long failedBatches,
    long outOfMemory,
    long probes,
    int queuedItems,
    long queuedBytes,
    Duration busy,
    Duration running,
    Duration longestRunning,
    int maxItems,
    int memoryBound) {

  static <I, O> BatcherStatistics of(List<Device<I, O>> devices, LaneQueue<I, O> queue, int most) {
    List<Duration> running = devices.stream().map(Device::runningFor).toList();
    return new BatcherStatistics(
        sum(devices, counts -> counts.batches),
        sum(devices, counts -> counts.items),
        sum(devices, counts -> counts.failedItems),
        queue.skipped() + sum(devices, counts -> counts.skippedItems),
        sum(devices, counts -> counts.failedBatches),
        sum(devices, counts -> counts.outOfMemory),
        sum(devices, counts -> counts.probes),
        queue.count(),
        queue.bytes(),
        Duration.ofNanos(sum(devices, counts -> counts.busyNanos)).dividedBy(devices.size()),
        running.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(devices.size()),
        running.stream().max(Duration::compareTo).orElse(Duration.ZERO),
        most,
        devices.stream().mapToInt(Device::memoryBound).min().orElse(most));
  }

  private static <I, O> long sum(
      List<Device<I, O>> devices, Function<DeviceCounts, LongAdder> count) {
    return devices.stream().mapToLong(device -> count.apply(device.counts()).sum()).sum();
  }

  /** Mean share of the batch size that was used, 0 to 1; failed calls count with what they held. */
  public double fill() {
    return batches == 0 ? 0 : Math.min(1, (items + failedItems) / (double) (batches * maxItems));
  }
}
