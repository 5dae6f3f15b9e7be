package io.blipstream.app.batching;

import java.time.Duration;

/**
 * What a batcher has done since it started; fill and busy share are the figures to tune by.
 *
 * @param batches calls of a device, halves of failed batches included
 * @param items that got a result
 * @param failedItems that failed alone
 * @param skippedItems cancelled before they cost device time
 * @param failedBatches calls that threw or gave a wrong number of results
 * @param queuedItems waiting now
 * @param queuedBytes waiting now
 * @param busy time spent in devices, summed over them, finished calls only
 * @param longestRunning how long the oldest call still running has taken so far; zero when idle
 * @param maxItems the batch size that fill compares with
 */
public record BatcherStatistics(
    long batches,
    long items,
    long failedItems,
    long skippedItems,
    long failedBatches,
    int queuedItems,
    long queuedBytes,
    Duration busy,
    Duration longestRunning,
    int maxItems) {

  /** Mean share of the batch size that was used, 0 to 1; failed calls count with what they held. */
  public double fill() {
    return batches == 0 ? 0 : Math.min(1, (items + failedItems) / (double) (batches * maxItems));
  }
}
