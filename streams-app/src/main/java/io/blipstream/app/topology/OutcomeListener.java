package io.blipstream.app.topology;

/** Told of what happens to images while it happens. */
@FunctionalInterface
public interface OutcomeListener {

  /**
   * An image's outcome is forwarded; in order within a partition.
   *
   * <p>Called on a stream thread, so it must be quick. The transaction that carries the outcome may
   * yet be aborted, and the outcome then comes again.
   */
  void onOutcome(ImageOutcome outcome);

  /** A stage took so long. Called on whatever thread, many times an image: it must be quick. */
  default void onStage(ProcessingStage stage, long nanos) {}

  /** Tells both, this one first. */
  default OutcomeListener and(OutcomeListener other) {
    OutcomeListener first = this;
    return new OutcomeListener() {
      @Override
      public void onOutcome(ImageOutcome outcome) {
        first.onOutcome(outcome);
        other.onOutcome(outcome);
      }

      @Override
      public void onStage(ProcessingStage stage, long nanos) {
        first.onStage(stage, nanos);
        other.onStage(stage, nanos);
      }
    };
  }
}
