package io.blipstream.app.topology;

import io.blipstream.schemas.ImageEvent;
import java.time.Instant;

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

  /**
   * Called when an image's bytes are there, before they are decoded, on a thread that decodes: it
   * must be quick, too, and must not throw. An image may come again, as its outcome may.
   *
   * @param event without its content
   * @param encoded not to be changed
   * @param sent the timestamp of the event's record
   * @param since when that was read, by {@link System#nanoTime}
   */
  default void onImage(Place place, ImageEvent event, byte[] encoded, Instant sent, long since) {}

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
      public void onImage(Place place, ImageEvent event, byte[] encoded, Instant sent, long since) {
        first.onImage(place, event, encoded, sent, since);
        other.onImage(place, event, encoded, sent, since);
      }

      @Override
      public void onStage(ProcessingStage stage, long nanos) {
        first.onStage(stage, nanos);
        other.onStage(stage, nanos);
      }
    };
  }
}
