package io.blipstream.app.batching;

import java.time.Duration;

/**
 * The bounds of a {@link MicroBatcher}.
 *
 * @param maxItems most items in a batch
 * @param maxBytes most bytes in a batch; a single larger item goes alone
 * @param linger how long the first item of a batch may wait for company when the device is idle;
 *     zero, the default, starts at once and loses nothing under load, where a batch fills while the
 *     device works on the one before
 * @param maxQueuedBytes bytes that may wait for the device before submitting blocks
 */
public record BatcherSettings(int maxItems, long maxBytes, Duration linger, long maxQueuedBytes) {

  public BatcherSettings {
    if (maxItems < 1 || maxBytes < 1 || maxQueuedBytes < 1 || linger.isNegative()) {
      throw new IllegalArgumentException(
          "A batch needs at least one item and one byte, and a linger of 0 or more: "
              + ("maxItems=" + maxItems + " maxBytes=" + maxBytes)
              + (" maxQueuedBytes=" + maxQueuedBytes + " linger=" + linger));
    }
  }

  /** For so many devices that have what this allows one. */
  public BatcherSettings dividedBy(int devices) {
    return new BatcherSettings(
        1 + (maxItems - 1) / devices, 1 + (maxBytes - 1) / devices, linger, maxQueuedBytes);
  }
}
