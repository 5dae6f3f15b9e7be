package io.blipstream.model.engine.simulated;

import java.time.Duration;

/**
 * How long the simulated engine takes and how it fails.
 *
 * @param answers what it says of images, and on which it fails
 * @param perBatch time that every batch takes
 * @param perItem time that every image of a batch adds
 * @param outOfMemoryAbove images in a batch beyond which memory runs out; 0 for never
 * @param hangRate share of batches that hang before they are computed, 0 to 1
 * @param hangTime how long they hang
 * @param imageSide images are decoded and resized to this side in pixels, as a real model does; 0
 *     takes any bytes for an image at no cost
 */
public record SimulatedSettings(
    SimulatedAnswers answers,
    Duration perBatch,
    Duration perItem,
    int outOfMemoryAbove,
    double hangRate,
    Duration hangTime,
    int imageSide) {

  public SimulatedSettings {
    require(!perBatch.isNegative(), "the time a batch takes must not be below 0");
    require(!perItem.isNegative(), "the time an image takes must not be below 0");
    require(outOfMemoryAbove >= 0, "the batch size that memory ends at must not be below 0");
    // Written so that NaN fails it.
    require(hangRate >= 0 && hangRate <= 1, "the hang rate must be from 0 to 1, not " + hangRate);
    require(!hangTime.isNegative(), "the time a batch hangs must not be below 0");
    require(imageSide >= 0, "the side of images must not be below 0");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
