package io.blipstream.app.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What Kafka Streams and its clients measure, read anew at every scrape: they come and go with
 * threads, partitions and brokers. Names are those that Micrometer's own binder gives: {@code
 * records-lag-max} of {@code consumer-fetch-manager-metrics} is {@code
 * kafka_consumer_fetch_manager_records_lag_max}. That binder keeps a thread to follow the changes,
 * and drops the sums where there are parts; here both stay, apart by their labels.
 */
final class KafkaCollector implements MultiCollector {

  /** Versions and counts of metrics, and the connections to each broker, which are many. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "app-info",
          "kafka-metrics-count",
          "consumer-node-metrics",
          "producer-node-metrics",
          "admin-client-node-metrics");

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;

  KafkaCollector(Supplier<Map<MetricName, ? extends Metric>> metrics) {
    this.metrics = metrics;
  }

  private record Family(String help, Map<Labels, Double> values) {}

  @Override
  public MetricSnapshots collect() {
    Map<String, Family> families = new TreeMap<>();
    metrics
        .get()
        .forEach(
            (name, metric) -> {
              if (!LEFT_OUT.contains(name.group())
                  && metric.metricValue() instanceof Number value) {
                families
                    .computeIfAbsent(
                        prometheusName(name),
                        any -> new Family(name.description(), new LinkedHashMap<>()))
                    .values()
                    .put(labels(name.tags()), value.doubleValue());
              }
            });
    List<MetricSnapshot> snapshots = new ArrayList<>();
    families.forEach((name, family) -> snapshots.add(snapshot(name, family)));
    return new MetricSnapshots(snapshots);
  }

  private static String prometheusName(MetricName name) {
    return ("kafka_" + name.group().replace("-metrics", "") + "_" + name.name())
        .replaceAll("[^a-zA-Z0-9_]", "_");
  }

  private static Labels labels(Map<String, String> tags) {
    Map<String, String> sorted = new TreeMap<>();
    tags.forEach((key, value) -> sorted.put(key.replaceAll("[^a-zA-Z0-9_]", "_"), value));
    return Labels.of(
        sorted.keySet().toArray(String[]::new), sorted.values().toArray(String[]::new));
  }

  private static MetricSnapshot snapshot(String name, Family family) {
    if (name.endsWith("_total")) {
      CounterSnapshot.Builder counter =
          CounterSnapshot.builder()
              .name(name.substring(0, name.length() - "_total".length()))
              .help(family.help());
      family
          .values()
          .forEach(
              (labels, value) ->
                  counter.dataPoint(
                      CounterDataPointSnapshot.builder()
                          .labels(labels)
                          .value(Math.max(0, value))
                          .build()));
      return counter.build();
    }
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(family.help());
    family
        .values()
        .forEach(
            (labels, value) ->
                gauge.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return gauge.build();
  }
}
