package io.blipstream.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blipstream.app.TestCluster;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.serde.RecordSerdes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;

/** A topic of images and one of rejects, filled by hand as the service would. */
public final class ReplayFixture implements AutoCloseable {

  public static final int PARTITIONS = 2;

  /** An hour ago: Kafka soon deletes what is older than a topic's retention. */
  public static final long TIME = System.currentTimeMillis() - Duration.ofHours(1).toMillis();

  private final String bootstrap;
  private final String registry;
  private final String name;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serde<Reject> serde;

  public ReplayFixture(String bootstrap, String registry, String name) throws InterruptedException {
    this.bootstrap = bootstrap;
    this.registry = registry;
    this.name = name;
    this.serde = RecordSerdes.create(Reject.class, registrySettings(), false);
    this.producer = TestCluster.producer(bootstrap);
    try (Admin admin = Admin.create(kafka())) {
      Topics.createMissing(
          admin,
          Stream.of(images(), rejects())
              .map(topic -> new TopicSpec(topic, PARTITIONS, TopicSpec.TEXT_BYTES))
              .toList());
    }
  }

  public String images() {
    return name + "-images";
  }

  public String rejects() {
    return name + "-rejects";
  }

  public Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", bootstrap);
  }

  public Map<String, Object> registrySettings() {
    return Map.of("schema.registry.url", registry);
  }

  /** Many images over both partitions, each with its reject. */
  public void rejectedImages(int count, RejectStage stage, String reason) throws Exception {
    List<Future<RecordMetadata>> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(producer.send(imageRecord(i % PARTITIONS, "image " + i)));
    }
    List<Future<RecordMetadata>> rejects = new ArrayList<>();
    for (Future<RecordMetadata> image : images) {
      RecordMetadata at = image.get();
      rejects.add(producer.send(rejectRecord(builder(at, stage, reason), at.timestamp(), 0)));
    }
    for (Future<RecordMetadata> reject : rejects) {
      reject.get();
    }
  }

  /** An image in the partition, with a key, a header and a timestamp of its own. */
  public RecordMetadata image(int partition, String value) {
    return send(imageRecord(partition, value));
  }

  private ProducerRecord<byte[], byte[]> imageRecord(int partition, String value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", ("trace of " + value).getBytes(UTF_8));
    return new ProducerRecord<>(
        images(),
        partition,
        TIME + value.hashCode() % 1_000,
        ("key of " + value).getBytes(UTF_8),
        value.getBytes(UTF_8),
        headers);
  }

  /** The reject of an image as a whole. */
  public void reject(RecordMetadata image, RejectStage stage, String reason) {
    reject(builder(image, stage, reason), image.timestamp(), 0);
  }

  public Reject.Builder builder(
      String topic, int partition, long offset, RejectStage stage, String reason) {
    return Reject.newBuilder()
        .setImageId("image")
        .setStage(stage)
        .setReason(reason)
        .setMessage("by hand")
        .setCoordinates(new Coordinates(topic, partition, offset));
  }

  public Reject.Builder builder(RecordMetadata image, RejectStage stage, String reason) {
    return builder(image.topic(), image.partition(), image.offset(), stage, reason);
  }

  /** A reject that carries the event's bytes. */
  public void unreadable(RecordMetadata image, String key, String value, int size) {
    reject(
        builder(image, RejectStage.RECORD, "NOT_AVRO")
            .setRawKey(ByteBuffer.wrap(key.getBytes(UTF_8)))
            .setRawValue(ByteBuffer.wrap(value.getBytes(UTF_8)))
            .setRawValueSize(size),
        image.timestamp(),
        0);
  }

  /** Writes a reject, always to the first partition. */
  public void reject(Reject.Builder reject, long timestamp, int attempts) {
    send(rejectRecord(reject, timestamp, attempts));
  }

  private ProducerRecord<byte[], byte[]> rejectRecord(
      Reject.Builder reject, long timestamp, int attempts) {
    RecordHeaders headers = new RecordHeaders();
    if (attempts > 0) {
      headers.add(ReplayHeaders.ATTEMPT, Integer.toString(attempts).getBytes(UTF_8));
    }
    byte[] value = serde.serializer().serialize(rejects(), reject.build());
    return new ProducerRecord<>(rejects(), 0, timestamp, "image".getBytes(UTF_8), value, headers);
  }

  public void rejectBytes(String value) {
    send(new ProducerRecord<>(rejects(), 0, TIME, null, value.getBytes(UTF_8)));
  }

  private RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Committed images that were sent back, partition by partition. */
  public List<ConsumerRecord<byte[], byte[]>> sentBack() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(images(), 0), new TopicPartition(images(), 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          if (record.headers().lastHeader(ReplayHeaders.REPLAY_OF) != null) {
            records.add(record);
          }
        }
      }
    }
    return records;
  }

  public List<String> valuesSentBack() {
    return sentBack().stream().map(record -> new String(record.value(), UTF_8)).toList();
  }

  @Override
  public void close() {
    producer.close();
    serde.close();
  }
}
