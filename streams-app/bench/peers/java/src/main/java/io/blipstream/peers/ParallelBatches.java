package io.blipstream.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Confluent's parallel-consumer, which hands the model batches and commits what is done in whatever
 * order: at least once, ordered by key.
 */
final class ParallelBatches implements Peer {

  /** Batches under way, so that one is ready when the device is: two is enough for one device. */
  private static final int IN_FLIGHT = 4;

  private final ParallelStreamProcessor<byte[], byte[]> processor;

  ParallelBatches(String bootstrapServers, OneDevice device, int batch) {
    Map<String, Object> consumer =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            "parallel",
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest");
    Map<String, Object> producer = Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20);
    processor =
        ParallelStreamProcessor.createEosStreamProcessor(
            ParallelConsumerOptions.<byte[], byte[]>builder()
                .consumer(
                    new KafkaConsumer<>(
                        consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                .producer(
                    new KafkaProducer<>(
                        producer, new ByteArraySerializer(), new ByteArraySerializer()))
                .ordering(ProcessingOrder.KEY)
                .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                .batchSize(batch)
                .maxConcurrency(IN_FLIGHT)
                .build());
    processor.subscribe(List.of(IMAGES));
    processor.pollAndProduceMany(
        polled -> {
          List<ConsumerRecord<byte[], byte[]>> records = polled.getConsumerRecordsFlattened();
          List<String> captions = device.captionsOf(records);
          List<ProducerRecord<byte[], byte[]>> results = new ArrayList<>();
          for (int i = 0; i < records.size(); i++) {
            results.add(
                new ProducerRecord<>(
                    CAPTIONS, records.get(i).key(), captions.get(i).getBytes(UTF_8)));
          }
          return results;
        });
  }

  @Override
  public void close() {
    processor.close();
  }
}
