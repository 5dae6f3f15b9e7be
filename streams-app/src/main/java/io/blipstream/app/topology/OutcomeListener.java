package io.blipstream.app.topology;

/** Told of every image's outcome as it is forwarded, in order within a partition. */
@FunctionalInterface
public interface OutcomeListener {

  /**
   * Called on a stream thread, so it must be quick. The transaction that carries the outcome may
   * yet be aborted, and the outcome then comes again.
   */
  void onOutcome(ImageOutcome outcome);
}
