package io.blipstream.app.metrics;

import io.blipstream.app.metrics.ServiceStatistics.Rates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The statistics of the last ten seconds, as far as they were asked for: what rates come from. */
public final class RecentStatistics {

  private static final Duration SPAN = Duration.ofSeconds(10);
  private static final Duration LEAST_STEP = Duration.ofMillis(200);

  private final Deque<ServiceStatistics> recent = new ArrayDeque<>();

  /**
   * Takes note of the newest.
   *
   * @return what happened since the oldest that is known of the last seconds; empty at first
   */
  public synchronized Optional<Rates> add(ServiceStatistics newest) {
    while (recent.size() > 1
        && Duration.between(recent.peekFirst().at(), newest.at()).compareTo(SPAN) > 0) {
      recent.removeFirst();
    }
    if (!recent.isEmpty() && newest.at().isBefore(recent.peekLast().at().plus(LEAST_STEP))) {
      // Many ask at the same time: one sample serves them all.
      return Optional.of(newest.since(recent.peekFirst())).filter(any -> recent.size() > 1);
    }
    Optional<Rates> rates = Optional.ofNullable(recent.peekFirst()).map(newest::since);
    recent.addLast(newest);
    return rates;
  }
}
