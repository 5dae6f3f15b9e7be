package io.blipstream.app.inflight;

import java.time.Duration;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * Ends a stream thread that was told to stop and still waits for its group. It commits no more:
 * what it had not committed is read again by the next owner.
 */
public final class StoppedInRebalanceException extends StreamsException {

  private static final long serialVersionUID = 1L;

  StoppedInRebalanceException(Duration patience) {
    super(
        "The consumer group was still rebalancing %d ms after the stop began; the thread ends without waiting for it."
            .formatted(patience.toMillis()));
  }
}
