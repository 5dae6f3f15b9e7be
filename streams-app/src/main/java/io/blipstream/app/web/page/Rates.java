package io.blipstream.app.web.page;

import io.blipstream.app.metrics.ServiceStatistics;
import io.blipstream.app.topology.OutcomeCounts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/**
 * Counts turned into rates, over the last few samples: a slow model answers in bursts of a batch,
 * and a second alone would show nothing, then a peak.
 */
final class Rates {

  /** With a sample a second, rates are means over five seconds. */
  private static final int SAMPLES = 6;

  private final Deque<ServiceStatistics> samples = new ArrayDeque<>();

  void add(ServiceStatistics sample) {
    samples.addLast(sample);
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }

  /** Per second; 0 until there are two samples. */
  double perSecond(ToLongFunction<OutcomeCounts> count) {
    return seconds() == 0 ? 0 : grown(sample -> count.applyAsLong(sample.outcomes())) / seconds();
  }

  /** Mean share of the batch size used; empty if there was no batch. */
  OptionalDouble fill() {
    return grown(sample -> sample.batching().batches()) == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(overall().batchFill());
  }

  /** Share of the time that the device computed. */
  double busy() {
    return samples.isEmpty() ? 0 : overall().deviceBusy();
  }

  private ServiceStatistics.Rates overall() {
    return samples.getLast().since(samples.getFirst());
  }

  private double seconds() {
    return samples.isEmpty()
        ? 0
        : Duration.between(samples.getFirst().at(), samples.getLast().at()).toNanos() / 1e9;
  }

  private long grown(ToLongFunction<ServiceStatistics> count) {
    return samples.isEmpty()
        ? 0
        : count.applyAsLong(samples.getLast()) - count.applyAsLong(samples.getFirst());
  }
}
