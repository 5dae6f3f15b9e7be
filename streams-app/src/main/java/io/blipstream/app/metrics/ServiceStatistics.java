package io.blipstream.app.metrics;

import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.inflight.InFlightStatistics;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.topology.ObservedService;
import io.blipstream.app.topology.OutcomeCounts;
import io.blipstream.model.ModelDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/**
 * All that one service tells of itself at a moment. Counts are since its start; rates come from two
 * of these.
 *
 * @param tasks the windows of the partitions that it has
 * @param windowRecords most records of such a window
 * @param unread records in its partitions that it has not fetched yet
 * @param threshold match probability from which a text is accepted
 */
public record ServiceStatistics(
    Instant at,
    KafkaStreams.State stream,
    ModelDescription model,
    DeviceHealth device,
    OutcomeCounts outcomes,
    InFlightStatistics inFlight,
    List<TaskStatistics> tasks,
    int windowRecords,
    BatcherStatistics batching,
    long unread,
    double threshold) {

  public ServiceStatistics {
    tasks = List.copyOf(tasks);
  }

  /** Now; cheap enough to be taken every second. */
  public static ServiceStatistics of(ObservedService service) {
    return new ServiceStatistics(
        Instant.now(),
        service.state(),
        service.model(),
        service.device(),
        service.counts(),
        service.inFlight(),
        service.tasks(),
        service.settings().windowRecords(),
        service.batching(),
        unread(service),
        service.settings().threshold());
  }

  /**
   * What happened between two moments.
   *
   * @param imagesPerSecond images that got their outcome
   * @param textsPerSecond texts considered
   * @param imagesPerBatch mean; 0 if there was no batch
   * @param batchFill mean share of the batch size that was used, 0 to 1
   * @param deviceBusy share of the time that the device computed, 0 to 1
   */
  public record Rates(
      double imagesPerSecond,
      double textsPerSecond,
      double imagesPerBatch,
      double batchFill,
      double deviceBusy) {}

  /** What happened since an earlier moment of the same service. */
  public Rates since(ServiceStatistics earlier) {
    double seconds = Duration.between(earlier.at, at).toNanos() / 1e9;
    if (seconds <= 0) {
      return new Rates(0, 0, 0, 0, 0);
    }
    double batches = batching.batches() - earlier.batching.batches();
    double items = batching.items() - earlier.batching.items();
    double perBatch = batches == 0 ? 0 : items / batches;
    // A batch counts when it has ended: what runs now is added, what ran then is taken off.
    double busy = busySeconds() - earlier.busySeconds();
    return new Rates(
        (outcomes.images() - earlier.outcomes.images()) / seconds,
        (outcomes.texts() - earlier.outcomes.texts()) / seconds,
        perBatch,
        Math.min(1, perBatch / batching.maxItems()),
        Math.max(0, Math.min(1, busy / seconds)));
  }

  private double busySeconds() {
    return batching.busy().plus(batching.running()).toNanos() / 1e9;
  }

  /** The consumers' own figure, of each partition; NaN there while they know nothing. */
  private static long unread(ObservedService service) {
    double sum = 0;
    for (var metric : service.kafkaMetrics().entrySet()) {
      if (isLag(metric.getKey(), service.settings().topics().images())) {
        sum += value(metric.getValue());
      }
    }
    return Math.round(sum);
  }

  private static boolean isLag(MetricName name, String topic) {
    return name.name().equals("records-lag")
        && name.group().equals("consumer-fetch-manager-metrics")
        && topic.equals(name.tags().get("topic"));
  }

  private static double value(Metric metric) {
    return metric.metricValue() instanceof Number number && number.doubleValue() > 0
        ? number.doubleValue()
        : 0;
  }
}
