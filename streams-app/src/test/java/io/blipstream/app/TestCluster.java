package io.blipstream.app;

import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Kafka broker and a schema registry in this JVM. Registered in a static field of a test class as
 * an extension, it starts before the first test of the class and stops after the last.
 */
public final class TestCluster implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

  private Optional<EmbeddedBroker> broker = Optional.empty();
  private Optional<EmbeddedRegistry> registry = Optional.empty();
  private Optional<Path> ownFolder = Optional.empty();

  private TestCluster() {}

  /** One that JUnit starts and stops, with what it stores in a temporary folder of its own. */
  public static TestCluster ofClass() {
    return new TestCluster();
  }

  /** Starts both on free ports, with what they store below the folder. */
  public static TestCluster start(Path folder) throws IOException {
    TestCluster cluster = new TestCluster();
    cluster.startIn(folder);
    return cluster;
  }

  private void startIn(Path folder) throws IOException {
    broker = Optional.of(EmbeddedBroker.start(Files.createDirectory(folder.resolve("broker")), 0));
    registry = Optional.of(EmbeddedRegistry.start(folder.resolve("registry"), 0));
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    ownFolder = Optional.of(Files.createTempDirectory("blipstream-test-"));
    startIn(ownFolder.get());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close();
    Utils.delete(ownFolder.orElseThrow().toFile());
  }

  public String bootstrapServers() {
    return broker.orElseThrow().bootstrapServers();
  }

  public String registryUrl() {
    return registry.orElseThrow().url();
  }

  /** Settings of a Kafka client. */
  public Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", bootstrapServers());
  }

  /** Settings of a registry's client. */
  public Map<String, Object> registry() {
    return Map.of("schema.registry.url", registryUrl());
  }

  public Admin admin() {
    return Admin.create(kafka());
  }

  /**
   * A producer with one batch at a time under way: on a partition just created, a second one may be
   * taken before a refused first one, which is then out of sequence for good.
   */
  public static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrapServers, "max.in.flight.requests.per.connection", 1),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** What a group has committed, see {@link #committed(Admin, String)}. */
  public long committed(String group) {
    try (Admin admin = admin()) {
      return committed(admin, group);
    }
  }

  /** The sum of a group's committed offsets: the records it is done with, where it began at 0. */
  public static long committed(Admin admin, String group) {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What readers of committed records see in a topic of texts. */
  public List<String> committedValues(String topic) {
    return CommittedRecords.of(kafka(), topic, new StringDeserializer()).stream()
        .map(ConsumerRecord::value)
        .toList();
  }

  /** What readers of committed records see in one of the service's topics. */
  public <T extends SpecificRecord> List<T> committedRecords(String topic, Class<T> type) {
    return CommittedRecords.of(kafka(), registry(), topic, type).stream()
        .map(ConsumerRecord::value)
        .toList();
  }

  /** Creates topics named {@code prefix-name}. */
  public void createTopics(String prefix, int partitions, String... names)
      throws InterruptedException {
    try (Admin admin = admin()) {
      Topics.createMissing(
          admin,
          Stream.of(names)
              .map(name -> new TopicSpec(prefix + "-" + name, partitions, TopicSpec.TEXT_BYTES))
              .toList());
    }
  }

  /**
   * Settings of a service on topics named {@code name-images}, {@code -captions}, {@code
   * -confidences} and {@code -rejects}.
   *
   * @param name of the application, too
   * @param stateDir its own
   * @param more whatever else the test wants
   */
  public static Map<String, Object> serviceSettings(
      String bootstrapServers, String name, Path stateDir, Map<String, ?> more) {
    Map<String, Object> settings =
        new HashMap<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "application.id", name,
                "topic.images", name + "-images",
                "topic.captions", name + "-captions",
                "topic.itm.confidence", name + "-confidences",
                "topic.rejects", name + "-rejects",
                "state.dir", stateDir.toString()));
    settings.putAll(more);
    return settings;
  }

  @Override
  public void close() {
    registry.ifPresent(EmbeddedRegistry::close);
    broker.ifPresent(EmbeddedBroker::close);
  }
}
