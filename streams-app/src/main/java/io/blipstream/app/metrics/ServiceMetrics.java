package io.blipstream.app.metrics;

import io.blipstream.app.topology.ImageOutcome;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.app.topology.OutcomeListener;
import io.blipstream.app.topology.ProcessingStage;
import io.blipstream.model.TextSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The figures of {@link Metric}, filled from one service and written for Prometheus.
 *
 * <p>What the service counts by itself is read when it is asked for, all from one snapshot; only
 * the times of stages and the verdicts are counted here, as they happen. Figures of the service are
 * absent until it has started.
 */
public final class ServiceMetrics implements OutcomeListener, AutoCloseable {

  /** From a decoded thumbnail to a huge batch on a slow device. */
  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000).stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record VerdictKey(TextSource source, boolean accepted) {}

  private final ServiceView view;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RuntimeMeters runtime = new RuntimeMeters();
  private final Map<ProcessingStage, Timer> stages = new EnumMap<>(ProcessingStage.class);
  private final Map<VerdictKey, Counter> verdicts;
  private final Set<String> reasons = new HashSet<>();
  private Optional<ServiceStatistics> now = Optional.empty();

  public ServiceMetrics(ServiceView view) {
    this.view = view;
    for (ProcessingStage stage : ProcessingStage.values()) {
      stages.put(
          stage,
          Timer.builder(Metric.STAGE_LATENCY.meterName())
              .description(Metric.STAGE_LATENCY.description())
              .tag("stage", stage.label())
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
    this.verdicts =
        Map.of(
            new VerdictKey(TextSource.WEB, true), verdicts(TextSource.WEB, "accepted"),
            new VerdictKey(TextSource.WEB, false), verdicts(TextSource.WEB, "rejected"),
            new VerdictKey(TextSource.SYNTHETIC, true), verdicts(TextSource.SYNTHETIC, "accepted"),
            new VerdictKey(TextSource.SYNTHETIC, false),
                verdicts(TextSource.SYNTHETIC, "rejected"));
    Gauge.builder(Metric.READY.meterName(), view, v -> ServiceHealth.of(v).ready() ? 1 : 0)
        .description(Metric.READY.description())
        .register(registry);
    info(Metric.BUILD, List.of(version()));
    runtime.bindTo(registry);
    registry
        .getPrometheusRegistry()
        .register(new WindowCollector(() -> now.map(ServiceStatistics::tasks).orElse(List.of())));
    registry
        .getPrometheusRegistry()
        .register(
            new KafkaCollector(
                () -> view.service().map(service -> service.kafkaMetrics()).orElse(Map.of())));
  }

  private Counter verdicts(TextSource source, String verdict) {
    return Counter.builder(Metric.VERDICTS.meterName())
        .description(Metric.VERDICTS.description())
        .tag("source", source.name().toLowerCase(Locale.ROOT))
        .tag("verdict", verdict)
        .register(registry);
  }

  @Override
  public void onOutcome(ImageOutcome outcome) {
    if (outcome instanceof Judged judged) {
      for (Verdict verdict : judged.texts()) {
        verdicts.get(new VerdictKey(verdict.score().source(), verdict.accepted())).increment();
      }
    }
  }

  @Override
  public void onStage(ProcessingStage stage, long nanos) {
    stages.get(stage).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** All figures of this moment in Prometheus' text format. */
  public synchronized String scrape() {
    Optional<ServiceStatistics> newest = view.statistics();
    if (newest.isPresent()) {
      boolean first = now.isEmpty();
      now = newest;
      if (first) {
        bind(newest.get());
      }
      showReasons(newest.get().outcomes().rejectsByReason().keySet());
    }
    return registry.scrape();
  }

  private void bind(ServiceStatistics first) {
    counter(Metric.IMAGES, s -> s.outcomes().images());
    counter(Metric.IMAGES_REJECTED, s -> s.outcomes().imageRejects());
    counter(Metric.TEXTS, s -> s.outcomes().texts());
    gauge(Metric.CONSERVATION_GAP, s -> s.outcomes().conservationGap());
    counter(Metric.BATCHES, s -> s.batching().batches());
    counter(Metric.BATCH_IMAGES, s -> s.batching().items());
    gauge(Metric.BATCH_LIMIT, s -> s.batching().maxItems());
    gauge(Metric.BATCH_MEMORY_LIMIT, s -> s.batching().memoryBound());
    gauge(Metric.BATCH_FILL, s -> s.batching().fill());
    counter(Metric.BATCH_FAILURES, s -> s.batching().failedBatches());
    counter(Metric.BATCH_OUT_OF_MEMORY, s -> s.batching().outOfMemory());
    counter(Metric.DEVICE_PROBES, s -> s.batching().probes());
    counter(Metric.DEVICE_BUSY, s -> seconds(s.batching().busy()));
    gauge(Metric.DEVICE_RUNNING, s -> seconds(s.batching().longestRunning()));
    gauge(Metric.DEVICE_WORKING, s -> s.device().isWorking() ? 1 : 0);
    gauge(Metric.QUEUE_IMAGES, s -> s.batching().queuedItems());
    gauge(Metric.QUEUE_BYTES, s -> s.batching().queuedBytes());
    gauge(Metric.IN_FLIGHT_RECORDS, s -> s.inFlight().records());
    gauge(Metric.IN_FLIGHT_BYTES, s -> s.inFlight().bytes());
    counter(Metric.IN_FLIGHT_DROPPED, s -> s.inFlight().dropped());
    gauge(Metric.WINDOW_LIMIT, ServiceStatistics::windowRecords);
    counter(Metric.WINDOW_OVERFLOWS, s -> s.inFlight().overflows());
    gauge(Metric.UNREAD_RECORDS, ServiceStatistics::unread);
    gauge(Metric.STREAM_RUNNING, s -> s.stream().isRunningOrRebalancing() ? 1 : 0);
    gauge(Metric.THRESHOLD, ServiceStatistics::threshold);
    var model = first.model();
    info(
        Metric.MODEL,
        List.of(
            model.captioner(),
            model.captionerDigest(),
            model.filter(),
            model.filterDigest(),
            model.decoding(),
            model.matching(),
            model.engine()));
  }

  private void showReasons(Collection<String> known) {
    for (String reason : known) {
      if (reasons.add(reason)) {
        FunctionCounter.builder(
                Metric.REJECTS.meterName(),
                this,
                metrics ->
                    metrics.read(s -> s.outcomes().rejectsByReason().getOrDefault(reason, 0L)))
            .description(Metric.REJECTS.description())
            .tag("reason", reason)
            .register(registry);
      }
    }
  }

  private void counter(Metric metric, ToDoubleFunction<ServiceStatistics> value) {
    FunctionCounter.builder(metric.meterName(), this, metrics -> metrics.read(value))
        .description(metric.description())
        .register(registry);
  }

  private void gauge(Metric metric, ToDoubleFunction<ServiceStatistics> value) {
    Gauge.builder(metric.meterName(), this, metrics -> metrics.read(value))
        .description(metric.description())
        .register(registry);
  }

  /** Called while the registry is scraped, on the thread that holds the lock. */
  private double read(ToDoubleFunction<ServiceStatistics> value) {
    return now.map(value::applyAsDouble).orElse(0.0);
  }

  private void info(Metric metric, List<String> values) {
    Tags tags = Tags.empty();
    for (int i = 0; i < values.size(); i++) {
      tags = tags.and(metric.labels().get(i), values.get(i));
    }
    Gauge.builder(metric.meterName(), () -> 1)
        .description(metric.description())
        .tags(tags)
        .register(registry);
  }

  private static String version() {
    return Optional.ofNullable(ServiceMetrics.class.getPackage().getImplementationVersion())
        .orElse("unknown");
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  @Override
  public void close() {
    runtime.close();
    registry.close();
  }
}
