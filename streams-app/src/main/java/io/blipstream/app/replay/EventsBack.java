package io.blipstream.app.replay;

import io.blipstream.app.replay.RejectedEvent.Original;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events and what is known of them in one transaction: both or neither.
 *
 * <p>The transactional id is the group's, so that of two replays of one group the later stops the
 * earlier, and a replay that was killed leaves nothing open once its successor has begun.
 */
final class EventsBack implements AutoCloseable {

  /** An open transaction keeps readers of committed records waiting, the service among them. */
  private static final int TRANSACTION_MILLIS = 60_000;

  private static final int LARGEST_RECORD = 100 << 20;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final int partitions;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private boolean open;

  /** Ends what an earlier replay of this group left open; only then may its ledger be read. */
  EventsBack(Map<String, Object> kafka, String group, String topic) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 20);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) LARGEST_RECORD + (28 << 20));
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    kafka.forEach(
        (key, value) -> {
          if (ProducerConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      this.partitions = producer.partitionsFor(topic).size();
    } catch (RuntimeException e) {
      producer.close();
      throw e;
    }
  }

  /** Sends an event, to the partition that it came from if it goes back to the same topic. */
  void send(Original event, TopicPartition from, long offset) {
    begin();
    boolean home = from.topic().equals(topic) && from.partition() < partitions;
    sent.add(
        producer.send(
            new ProducerRecord<>(
                topic,
                home ? from.partition() : null,
                event.timestamp() >= 0 ? event.timestamp() : null,
                event.key().orElse(null),
                event.value().orElse(null),
                ReplayHeaders.next(event.headers(), from, offset))));
  }

  /** Commits what was sent together with what is now known. */
  void commit(Map<TopicPartition, OffsetAndMetadata> ledger, ConsumerGroupMetadata group)
      throws InterruptedException {
    begin();
    producer.sendOffsetsToTransaction(ledger, group);
    producer.flush();
    for (Future<RecordMetadata> one : sent) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e);
      }
    }
    sent.clear();
    producer.commitTransaction();
    open = false;
  }

  private void begin() {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
  }

  /** What is not committed is not sent. */
  @Override
  public void close() {
    try {
      if (open) {
        producer.abortTransaction();
      }
    } catch (KafkaException e) {
      // Fenced or broken: the broker aborts in our place.
    } finally {
      producer.close();
    }
  }
}
