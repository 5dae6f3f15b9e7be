package io.blipstream.app.topology;

import io.blipstream.app.batching.BatcherStatistics;
import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.inflight.InFlightStatistics;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.model.ModelDescription;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** What a service tells of itself to whoever looks on; cheap enough to be asked every second. */
public interface ObservedService {

  /** Where the stream stands; RUNNING once partitions are assigned, REBALANCING is alive, too. */
  KafkaStreams.State state();

  /** Whether it has joined its group: a rebalance later on does not make it less ready. */
  boolean hasRun();

  /** Whether it was told to stop: it answers what is in flight, and takes nothing more. */
  boolean isStopping();

  /**
   * Completed when the service is over: closed, or ended by a failure, which it then completes
   * with; the service is then still to be closed.
   */
  CompletableFuture<Void> terminated();

  /** What has been forwarded since the start. */
  OutcomeCounts counts();

  /** All windows together. */
  InFlightStatistics inFlight();

  /** The windows of the partitions that this instance has, by partition. */
  List<TaskStatistics> tasks();

  BatcherStatistics batching();

  /** Whether the model answers. While it does not, images wait and nothing is committed. */
  DeviceHealth device();

  /** Which model judges. */
  ModelDescription model();

  /** How the service was set up. */
  ServiceSettings settings();

  /** What Kafka Streams and its clients measure of themselves. */
  Map<MetricName, ? extends Metric> kafkaMetrics();
}
