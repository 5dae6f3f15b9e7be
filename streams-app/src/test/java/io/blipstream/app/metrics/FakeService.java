package io.blipstream.app.metrics;

import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.inflight.InFlightStatistics;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.topology.ObservedService;
import io.blipstream.app.topology.OutcomeCounts;
import io.blipstream.model.ModelDescription;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** A service that says of itself what a test tells it to. */
public final class FakeService implements ObservedService {

  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private final Map<MetricName, Metric> kafka = new LinkedHashMap<>();
  private final Map<String, Long> reasons = new TreeMap<>();
  private KafkaStreams.State state = KafkaStreams.State.RUNNING;
  private boolean hasRun = true;
  private boolean stopping;
  private DeviceHealth.State device = DeviceHealth.State.WORKING;
  private List<TaskStatistics> tasks = List.of();
  private long images;

  public FakeService state(KafkaStreams.State now) {
    state = now;
    return this;
  }

  public FakeService hasRun(boolean ever) {
    hasRun = ever;
    return this;
  }

  public FakeService stopping() {
    stopping = true;
    return this;
  }

  public FakeService device(DeviceHealth.State now) {
    device = now;
    return this;
  }

  public FakeService windows(TaskStatistics... now) {
    tasks = List.of(now);
    return this;
  }

  public FakeService images(long count) {
    images = count;
    return this;
  }

  public FakeService rejects(String reason, long count) {
    reasons.put(reason, count);
    return this;
  }

  public FakeService kafka(String group, String name, Map<String, String> tags, Object value) {
    MetricName metricName = new MetricName(name, group, "As Kafka says.", tags);
    kafka.put(
        metricName,
        new Metric() {
          @Override
          public MetricName metricName() {
            return metricName;
          }

          @Override
          public Object metricValue() {
            return value;
          }
        });
    return this;
  }

  @Override
  public KafkaStreams.State state() {
    return state;
  }

  @Override
  public boolean hasRun() {
    return hasRun;
  }

  @Override
  public boolean isStopping() {
    return stopping;
  }

  @Override
  public CompletableFuture<Void> terminated() {
    return terminated;
  }

  @Override
  public OutcomeCounts counts() {
    return new OutcomeCounts(images, 2 * images, images, images, 0, images, new TreeMap<>(reasons));
  }

  @Override
  public InFlightStatistics inFlight() {
    return new InFlightStatistics(7, 7, 7000, images, 3, 1);
  }

  @Override
  public List<TaskStatistics> tasks() {
    return tasks;
  }

  @Override
  public BatcherStatistics batching() {
    return new BatcherStatistics(
        images / 8,
        images,
        0,
        0,
        2,
        1,
        4,
        5,
        500,
        Duration.ofMillis(images * 10),
        Duration.ofMillis(30),
        Duration.ofMillis(30),
        16,
        16);
  }

  @Override
  public DeviceHealth device() {
    return new DeviceHealth(device, "The model is " + device + ".");
  }

  @Override
  public ModelDescription model() {
    return new ModelDescription("cap", "c0ffee", "fil", "f00d", "greedy", "itm", "scripted");
  }

  @Override
  public ServiceSettings settings() {
    return ServiceSettings.of(Map.of("threshold", "0.7"), Map.of(), Map.of());
  }

  @Override
  public Map<MetricName, ? extends Metric> kafkaMetrics() {
    return kafka;
  }
}
