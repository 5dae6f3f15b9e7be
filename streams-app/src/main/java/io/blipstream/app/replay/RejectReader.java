package io.blipstream.app.replay;

import io.blipstream.schemas.Reject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The rejects that are there now, partition by partition in order. Where they end is settled when
 * the reader is made: rejects of events that are sent back meanwhile are not among them.
 */
final class RejectReader implements AutoCloseable {

  private static final int RECORDS_AT_ONCE = 50;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Deserializer<Reject> deserializer;
  private final Map<TopicPartition, Long> logStarts;
  private final Map<TopicPartition, Long> starts = new TreeMap<>(byNumber());
  private final Map<TopicPartition, Long> stops = new HashMap<>();

  /**
   * @param since start with the first reject from this time on
   * @param until stop before the first reject from this time on
   */
  RejectReader(
      Map<String, Object> settings,
      Deserializer<Reject> deserializer,
      String topic,
      Optional<Instant> since,
      Optional<Instant> until) {
    this.deserializer = deserializer;
    Map<String, Object> own = new HashMap<>(settings);
    own.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_ONCE);
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    this.consumer =
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    logStarts = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> from = since.map(time -> offsets(partitions, time)).orElse(logStarts);
    Map<TopicPartition, Long> to = until.map(time -> offsets(partitions, time)).orElse(ends);
    for (TopicPartition partition : partitions) {
      long end = ends.get(partition);
      starts.put(partition, Math.min(end, from.getOrDefault(partition, end)));
      stops.put(partition, Math.min(end, to.getOrDefault(partition, end)));
    }
    consumer.assign(partitions);
    starts.forEach(consumer::seek);
    consumer.pause(partitions.stream().filter(this::isDone).toList());
  }

  /** By partition, without those in which no reject is so late. */
  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, Instant time) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, time.toEpochMilli()));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    consumer
        .offsetsForTimes(asked)
        .forEach(
            (partition, found) -> {
              if (found != null) {
                offsets.put(partition, found.offset());
              }
            });
    return offsets;
  }

  /** Where reading began, by partition. */
  Map<TopicPartition, Long> starts() {
    return starts;
  }

  /** What earlier runs of the group left behind; waits for what one of them has not ended yet. */
  Map<TopicPartition, Stretches> ledgers() {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(starts.keySet());
    Map<TopicPartition, Stretches> ledgers = new HashMap<>();
    for (TopicPartition partition : starts.keySet()) {
      OffsetAndMetadata known = committed.get(partition);
      ledgers.put(
          partition,
          Stretches.parse(known == null ? "" : known.metadata(), logStarts.get(partition)));
    }
    return ledgers;
  }

  /** The next rejects, possibly none. */
  List<ConsumerRecord<byte[], byte[]>> poll() {
    ConsumerRecords<byte[], byte[]> records = fetch();
    List<TopicPartition> done = starts.keySet().stream().filter(this::isDone).toList();
    consumer.pause(done);
    return records.partitions().stream()
        .flatMap(partition -> records.records(partition).stream())
        .filter(record -> record.offset() < stops.get(partitionOf(record)))
        .toList();
  }

  /**
   * A reset policy would skip rejects, or begin anew, where a leader only does not know its end.
   */
  private ConsumerRecords<byte[], byte[]> fetch() {
    try {
      return consumer.poll(PATIENCE);
    } catch (OffsetOutOfRangeException e) {
      Map<TopicPartition, Long> now = consumer.beginningOffsets(starts.keySet());
      e.offsetOutOfRangePartitions()
          .forEach((partition, at) -> consumer.seek(partition, Math.max(at, now.get(partition))));
      return ConsumerRecords.empty();
    }
  }

  /**
   * The reject in a record.
   *
   * @throws RuntimeException as the serde does, if it is none
   */
  Reject decode(ConsumerRecord<byte[], byte[]> record) {
    return deserializer.deserialize(record.topic(), record.headers(), record.value());
  }

  /** The group under which the ledger is kept; it has no members, since partitions are assigned. */
  ConsumerGroupMetadata group() {
    return consumer.groupMetadata();
  }

  boolean isDone(TopicPartition partition) {
    return consumer.position(partition) >= stops.get(partition);
  }

  boolean isDone() {
    return starts.keySet().stream().allMatch(this::isDone);
  }

  /** Below this, all rejects of the partition have been given out. */
  long position(TopicPartition partition) {
    return Math.min(consumer.position(partition), stops.get(partition));
  }

  @Override
  public void close() {
    consumer.close();
  }

  static TopicPartition partitionOf(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private static Comparator<TopicPartition> byNumber() {
    return Comparator.comparingInt(TopicPartition::partition);
  }
}
