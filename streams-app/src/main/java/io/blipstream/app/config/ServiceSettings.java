package io.blipstream.app.config;

import io.blipstream.app.batching.BatcherSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/**
 * How one instance of the service is set up; immutable, and checked as a whole.
 *
 * <p>The three that matter: {@code batch.size} (a larger batch uses a GPU better and costs
 * latency), {@code window.records} (must cover two batches), {@code threshold} (higher keeps fewer,
 * better texts). All keys are documented in {@link ServiceConfig}.
 *
 * @param deviceTimeout how long the model may be at one batch
 * @param deviceGiveUp how long the model may be broken before the service ends; empty: for ever
 * @param kafka settings passed on to Kafka Streams and its clients as they are, above our own
 *     bundle
 * @param registry settings of the schema registry and the serdes
 * @param block how long a stream thread may wait for room between commits
 */
public record ServiceSettings(
    String bootstrapServers,
    String applicationId,
    TopicNames topics,
    double threshold,
    BatcherSettings batching,
    Duration deviceTimeout,
    Optional<Duration> deviceGiveUp,
    int windowRecords,
    long windowBytes,
    Duration block,
    int fetchThreads,
    int fetchPerHost,
    Duration fetchTimeout,
    Duration fetchConnectTimeout,
    int decodeThreads,
    int outputMaxBytes,
    int streamThreads,
    String processingGuarantee,
    String groupProtocol,
    Duration transactionTimeout,
    String stateDir,
    Map<String, Object> registry,
    Map<String, Object> kafka) {

  public ServiceSettings {
    registry = Map.copyOf(registry);
    kafka = Map.copyOf(kafka);
    StartRefusals.check(
        groupProtocol, processingGuarantee, transactionTimeout, block, windowRecords, batching);
    StartRefusals.checkOverrides(kafka);
  }

  /**
   * Reads settings; what is absent has its default.
   *
   * @param settings by the keys of {@link ServiceConfig}; values may be text
   * @param registry by Confluent's keys, such as {@code schema.registry.url}
   * @param kafka by Kafka's keys, such as {@code consumer.session.timeout.ms}
   * @throws IllegalConfigurationException if a key is unknown, a value is out of bounds, or values
   *     do not go together
   */
  public static ServiceSettings of(
      Map<String, ?> settings, Map<String, ?> registry, Map<String, ?> kafka) {
    Map<String, Object> v;
    try {
      var definition = ServiceConfig.definition();
      for (String key : settings.keySet()) {
        if (!definition.names().contains(key)) {
          throw new IllegalConfigurationException(
              "There is no setting '" + key + "'; the settings are " + definition.names());
        }
      }
      v = definition.parse(settings);
    } catch (ConfigException e) {
      throw new IllegalConfigurationException(e.getMessage(), e);
    }
    Duration transactionTimeout =
        Duration.ofMillis((int) v.get(ServiceConfig.TRANSACTION_TIMEOUT_MS));
    int batchSize = (int) v.get(ServiceConfig.BATCH_SIZE);
    int windowRecords = (int) v.get(ServiceConfig.WINDOW_RECORDS);
    int fetchThreads = (int) v.get(ServiceConfig.FETCH_THREADS);
    int fetchPerHost = (int) v.get(ServiceConfig.FETCH_PER_HOST);
    long blockMs = (long) v.get(ServiceConfig.WINDOW_BLOCK_MS);
    return new ServiceSettings(
        (String) v.get(ServiceConfig.BOOTSTRAP_SERVERS),
        (String) v.get(ServiceConfig.APPLICATION_ID),
        new TopicNames(
            (String) v.get(ServiceConfig.TOPIC_IMAGES),
            (String) v.get(ServiceConfig.TOPIC_CAPTIONS),
            (String) v.get(ServiceConfig.TOPIC_ITM_CONFIDENCE),
            (String) v.get(ServiceConfig.TOPIC_REJECTS)),
        (double) v.get(ServiceConfig.THRESHOLD),
        new BatcherSettings(
            batchSize,
            (long) v.get(ServiceConfig.BATCH_BYTES),
            Duration.ofMillis((long) v.get(ServiceConfig.BATCH_LINGER_MS)),
            (long) v.get(ServiceConfig.BATCH_QUEUE_BYTES)),
        Duration.ofMillis((long) v.get(ServiceConfig.DEVICE_TIMEOUT_MS)),
        Optional.of((long) v.get(ServiceConfig.DEVICE_GIVE_UP_MS))
            .filter(millis -> millis >= 0)
            .map(Duration::ofMillis),
        windowRecords < 0 ? 4 * batchSize : windowRecords,
        (long) v.get(ServiceConfig.WINDOW_BYTES),
        blockMs < 0 ? transactionTimeout.dividedBy(4) : Duration.ofMillis(blockMs),
        fetchThreads,
        fetchPerHost < 0 ? Math.max(1, fetchThreads / 2) : fetchPerHost,
        Duration.ofMillis((long) v.get(ServiceConfig.FETCH_TIMEOUT_MS)),
        Duration.ofMillis((long) v.get(ServiceConfig.FETCH_CONNECT_TIMEOUT_MS)),
        (int) v.get(ServiceConfig.DECODE_THREADS),
        (int) v.get(ServiceConfig.OUTPUT_MAX_BYTES),
        (int) v.get(ServiceConfig.STREAM_THREADS),
        (String) v.get(ServiceConfig.PROCESSING_GUARANTEE),
        (String) v.get(ServiceConfig.GROUP_PROTOCOL),
        transactionTimeout,
        (String) v.get(ServiceConfig.STATE_DIR),
        new HashMap<>(registry),
        new HashMap<>(kafka));
  }

  /** Without what may be secret. */
  @Override
  public String toString() {
    return "ServiceSettings["
        + ("applicationId=" + applicationId + ", topics=" + topics + ", threshold=" + threshold)
        + (", batching=" + batching + ", windowRecords=" + windowRecords)
        + (", processingGuarantee=" + processingGuarantee + "]");
  }
}
