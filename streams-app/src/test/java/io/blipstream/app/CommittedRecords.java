package io.blipstream.app;

import io.blipstream.schemas.serde.RecordSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

/** Reads topics whole: from their beginning to where committed records end now. */
public final class CommittedRecords {

  private static final Duration POLL = Duration.ofMillis(100);

  private CommittedRecords() {}

  /**
   * Those of one of the service's topics.
   *
   * @param kafka settings of a client
   * @param registry likewise
   */
  public static <T extends SpecificRecord> List<ConsumerRecord<byte[], T>> of(
      Map<String, Object> kafka, Map<String, Object> registry, String topic, Class<T> type) {
    try (Serde<T> serde = RecordSerdes.create(type, registry, false)) {
      return of(kafka, topic, serde.deserializer());
    }
  }

  /** Those of any topic, in their order within each partition. */
  public static <T> List<ConsumerRecord<byte[], T>> of(
      Map<String, Object> kafka, String topic, Deserializer<T> values) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], T>> records = new ArrayList<>();
    try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), values)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      // For a reader of committed records, the end is the last stable offset.
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }
}
