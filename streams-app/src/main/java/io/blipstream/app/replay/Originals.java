package io.blipstream.app.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Single records fetched by their coordinates; quick when asked in the order in which they lie. */
final class Originals implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Reading over so many records is quicker than seeking, which drops what was fetched ahead. */
  private static final int NEAR = 50;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Integer> partitions = new HashMap<>();
  private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> fetched = new TreeMap<>();
  private Optional<TopicPartition> current = Optional.empty();

  /** What is fetched is all there is from here on, up to the consumer's position. */
  private long from;

  Originals(Map<String, Object> consumerSettings) {
    Map<String, Object> settings = new HashMap<>(consumerSettings);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // The service has read it, so it was committed, or the service reads what is not.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, NEAR);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * The record there; empty if it is no longer.
   *
   * @throws TimeoutException if Kafka does not answer
   */
  Optional<ConsumerRecord<byte[], byte[]>> find(TopicPartition partition, long offset) {
    if (partition.partition() >= partitionsOf(partition.topic())) {
      return Optional.empty();
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        moveTo(partition, offset);
        readPast(partition, offset, deadline);
        return Optional.ofNullable(fetched.get(offset));
      } catch (OffsetOutOfRangeException e) {
        // Also said by a broker that has just become the leader and does not know its end yet:
        // only what lies before the beginning is surely gone.
        current = Optional.empty();
        if (offset < consumer.beginningOffsets(List.of(partition)).get(partition)
            || System.nanoTime() > deadline) {
          return Optional.empty();
        }
      }
    }
  }

  private void moveTo(TopicPartition partition, long offset) {
    boolean moved = !current.equals(Optional.of(partition));
    if (moved) {
      consumer.assign(Set.of(partition));
      current = Optional.of(partition);
    }
    if (moved || offset < from) {
      fetched.clear();
    }
    fetched.headMap(offset).clear();
    from = offset;
    if (moved || (fetched.isEmpty() && !isNear(partition, offset))) {
      consumer.seek(partition, offset);
    }
  }

  private boolean isNear(TopicPartition partition, long offset) {
    long position = consumer.position(partition);
    return position <= offset && offset <= position + NEAR;
  }

  private void readPast(TopicPartition partition, long offset, long deadline) {
    // A record that would start beyond the end is never waited for.
    boolean exists = fetched.isEmpty() && offset < end(partition);
    while (exists && fetched.isEmpty() && consumer.position(partition) <= offset) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        if (record.offset() >= offset) {
          fetched.put(record.offset(), record);
        }
      }
      if (fetched.isEmpty() && System.nanoTime() > deadline) {
        throw new TimeoutException(
            "Kafka did not give offset %d of %s within %d s."
                .formatted(offset, partition, PATIENCE.toSeconds()));
      }
    }
  }

  private long end(TopicPartition partition) {
    return consumer.endOffsets(List.of(partition)).get(partition);
  }

  private int partitionsOf(String topic) {
    // Asked of all topics at once: asking for one that does not exist only times out.
    if (partitions.isEmpty()) {
      consumer.listTopics().forEach((name, infos) -> partitions.put(name, infos.size()));
    }
    return partitions.getOrDefault(topic, 0);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
