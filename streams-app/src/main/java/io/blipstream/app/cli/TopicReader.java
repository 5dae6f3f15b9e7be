package io.blipstream.app.cli;

import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.serde.RecordSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads some of the four topics, committed records only, all partitions, and without a group: it
 * leaves no trace in the cluster.
 */
final class TopicReader implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Serde<? extends SpecificRecord>> serdes = new HashMap<>();
  private final List<TopicPartition> partitions;

  TopicReader(
      Map<String, Object> kafka,
      Map<String, Object> registry,
      TopicNames names,
      List<String> topics) {
    for (String topic : topics) {
      serdes.put(topic, RecordSerdes.create(type(names, topic), registry, false));
    }
    Map<String, Object> settings = new HashMap<>();
    // An image may be larger than the default of 1 MiB a partition and fetch.
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
    kafka.forEach(
        (key, value) -> {
          if (ConsumerConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
  }

  private static Class<? extends SpecificRecord> type(TopicNames names, String topic) {
    if (topic.equals(names.images())) {
      return ImageEvent.class;
    }
    if (topic.equals(names.captions())) {
      return Caption.class;
    }
    if (topic.equals(names.itmConfidence())) {
      return ItmConfidence.class;
    }
    if (topic.equals(names.rejects())) {
      return Reject.class;
    }
    throw new CommandFailure(
        ExitStatus.WRONG_USE,
        "%s is none of the topics %s; name yours with --topic-…."
            .formatted(topic, String.join(", ", names.all())));
  }

  void fromBeginning() {
    consumer.seekToBeginning(partitions);
  }

  /** From now on: what was written before this call is not read. */
  void fromEnd() {
    consumer.seekToEnd(partitions);
    // Seeking is lazy; asking for the position makes it happen now.
    partitions.forEach(consumer::position);
  }

  /** Where committed records end now, by partition. */
  Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(partitions);
  }

  /** Whether everything below these ends has been given out. */
  boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  ConsumerRecords<byte[], byte[]> poll(Duration patience) {
    return consumer.poll(patience);
  }

  /**
   * The record in a value.
   *
   * @throws RuntimeException as the serde does, if the value is none
   */
  SpecificRecord decode(ConsumerRecord<byte[], byte[]> record) {
    return serdes
        .get(record.topic())
        .deserializer()
        .deserialize(record.topic(), record.headers(), record.value());
  }

  @Override
  public void close() {
    consumer.close();
    serdes.values().forEach(Serde::close);
  }
}
