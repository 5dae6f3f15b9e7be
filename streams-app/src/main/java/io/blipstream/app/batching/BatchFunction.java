package io.blipstream.app.batching;

import java.util.List;

/** A device: what it does with a batch. Called by its owner thread only. */
@FunctionalInterface
public interface BatchFunction<I, O> {

  /**
   * Computes a batch.
   *
   * @param batch never empty
   * @return one result an item, in the order of the batch
   * @throws RuntimeException if the batch could not be computed, or a result is none; it is then
   *     tried in halves
   */
  List<O> apply(List<I> batch);

  /** Told how long each item had waited when its first batch began, in nanoseconds. */
  default void waited(long nanos) {}

  /** Whether a batch failed for its size, so that a smaller one may do. */
  default boolean isOutOfMemory(Throwable failure) {
    return failure instanceof OutOfMemoryError;
  }

  /**
   * Computes something that is known to be computable, to tell a bad item from a dead device. A
   * device that knows of no such thing is believed to be alive.
   *
   * @throws RuntimeException if even that fails
   */
  default void probe() {}
}
