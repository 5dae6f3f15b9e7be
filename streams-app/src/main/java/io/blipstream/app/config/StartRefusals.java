package io.blipstream.app.config;

import io.blipstream.app.batching.BatcherSettings;
import java.time.Duration;
import java.util.Map;

/**
 * The combinations that would lose or repeat records, or live-lock, found before anything starts.
 * (A repartition topic as the source is refused by {@link TopicNames}.)
 */
final class StartRefusals {

  /** Set by their own keys, so that what is checked is what is used. */
  private static final Map<String, String> OWN =
      Map.of(
          "processing.guarantee", ServiceConfig.PROCESSING_GUARANTEE,
          "group.protocol", ServiceConfig.GROUP_PROTOCOL,
          "application.id", ServiceConfig.APPLICATION_ID,
          "bootstrap.servers", ServiceConfig.BOOTSTRAP_SERVERS,
          "transaction.timeout.ms", ServiceConfig.TRANSACTION_TIMEOUT_MS,
          "producer.transaction.timeout.ms", ServiceConfig.TRANSACTION_TIMEOUT_MS,
          "num.stream.threads", ServiceConfig.STREAM_THREADS,
          "state.dir", ServiceConfig.STATE_DIR);

  private StartRefusals() {}

  static void check(
      String groupProtocol,
      String guarantee,
      Duration transactionTimeout,
      Duration block,
      int windowRecords,
      BatcherSettings batching) {
    if (groupProtocol.equals("streams") && guarantee.equals("at_least_once")) {
      throw new IllegalConfigurationException(
          "group.protocol=streams does not go with processing.guarantee=at_least_once: Kafka Streams"
              + " then commits past images that are still in flight, and a crash loses them. Use"
              + " exactly_once_v2, or group.protocol=classic.");
    }
    if (transactionTimeout.compareTo(block.multipliedBy(2)) < 0) {
      throw new IllegalConfigurationException(
          "transaction.timeout.ms="
              + transactionTimeout.toMillis()
              + " is less than twice window.block.ms="
              + block.toMillis()
              + ": a transaction could expire while a thread waits, and be replayed for ever. Raise"
              + " the first or lower the second.");
    }
    if (windowRecords < 2 * batching.maxItems()) {
      throw new IllegalConfigurationException(
          "window.records="
              + windowRecords
              + " is less than twice batch.size="
              + batching.maxItems()
              + ": the model would wait for images. Raise the first or lower the second.");
    }
  }

  static void checkOverrides(Map<String, ?> kafka) {
    OWN.forEach(
        (key, own) -> {
          if (kafka.containsKey(key)) {
            throw new IllegalConfigurationException(
                "Set " + own + " of the service, not " + key + " among the Kafka settings.");
          }
        });
    Object threads = kafka.get("__processing.threads.enabled__");
    if (threads != null && Boolean.parseBoolean(threads.toString())) {
      throw new IllegalConfigurationException(
          "Remove __processing.threads.enabled__: held offsets need each task to be processed and"
              + " committed by the same thread.");
    }
  }
}
