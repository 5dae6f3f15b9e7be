package io.blipstream.app.metrics;

import io.blipstream.app.inflight.TaskStatistics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The figures of single partitions, read anew at every scrape: partitions come and go. */
final class WindowCollector implements MultiCollector {

  private final Supplier<List<TaskStatistics>> tasks;

  WindowCollector(Supplier<List<TaskStatistics>> tasks) {
    this.tasks = tasks;
  }

  @Override
  public MetricSnapshots collect() {
    List<TaskStatistics> now = tasks.get();
    return now.isEmpty()
        ? new MetricSnapshots()
        : new MetricSnapshots(
            gauge(Metric.WINDOW_RECORDS, now, TaskStatistics::records),
            gauge(Metric.WINDOW_BYTES, now, TaskStatistics::bytes),
            gauge(Metric.WINDOW_OLDEST, now, task -> task.oldest().toNanos() / 1e9),
            gauge(Metric.HELD_OFFSET_LAG, now, TaskStatistics::heldOffsetLag));
  }

  private static MetricSnapshot gauge(
      Metric metric, List<TaskStatistics> tasks, ToDoubleFunction<TaskStatistics> value) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder().name(metric.prometheusName()).help(metric.description());
    for (TaskStatistics task : tasks) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("partition", Integer.toString(task.partition())))
              .value(value.applyAsDouble(task))
              .build());
    }
    return gauge.build();
  }
}
