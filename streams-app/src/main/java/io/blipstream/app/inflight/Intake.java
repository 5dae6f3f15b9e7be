package io.blipstream.app.inflight;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether records are still taken on. Stopped once, at shutdown, so that what is in flight can be
 * answered and committed before the stream threads end. What Kafka Streams has buffered by then
 * still comes: it enters the windows, which hold its offsets, but no work is begun on it.
 *
 * <p>A stream thread that is told to stop in the middle of a rebalance polls until the rebalance is
 * over, which may be never: the broker may be gone, or a member that was killed may be waited for.
 * Hence such polls have an end, too.
 */
public final class Intake {

  /** When a stop began, and how long after it threads may still poll. */
  private record Stop(long at, Duration patience) {}

  private volatile Optional<Stop> stop = Optional.empty();

  /**
   * Takes nothing on from now.
   *
   * @param patience how long a thread may go on polling; it is ended by an exception if it polls
   *     later
   */
  public void stop(Duration patience) {
    stop = Optional.of(new Stop(System.nanoTime(), patience));
  }

  boolean isStopped() {
    return stop.isPresent();
  }

  /**
   * To be called before each poll.
   *
   * @throws StoppedInRebalanceException if the stop's patience is over
   */
  void requirePatience() {
    stop.filter(s -> System.nanoTime() - s.at() > s.patience().toNanos())
        .ifPresent(
            s -> {
              throw new StoppedInRebalanceException(s.patience());
            });
  }
}
