package io.blipstream.app.batching;

import java.util.List;

/** What a device does with a batch. Called by that device's owner thread only. */
@FunctionalInterface
public interface BatchFunction<I, O> {

  /**
   * Computes a batch.
   *
   * @param batch never empty
   * @return one result an item, in the order of the batch
   * @throws RuntimeException if the batch could not be computed; it is then tried in halves
   */
  List<O> apply(List<I> batch);
}
