package io.blipstream.app;

import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A Kafka broker and a schema registry in this JVM, for the tests of one class. */
public final class TestCluster implements AutoCloseable {

  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;

  private TestCluster(EmbeddedBroker broker, EmbeddedRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  /** Starts both on free ports, with what they store below the folder. */
  public static TestCluster start(Path folder) throws IOException {
    EmbeddedBroker broker =
        EmbeddedBroker.start(Files.createDirectory(folder.resolve("broker")), 0);
    return new TestCluster(broker, EmbeddedRegistry.start(folder.resolve("registry"), 0));
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  public String registryUrl() {
    return registry.url();
  }

  public Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  /** The sum of a group's committed offsets: the records it is done with, where it began at 0. */
  public long committed(String group) {
    try (Admin admin = admin()) {
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

  /** What readers of committed records see in the first partition of a topic. */
  public List<String> committedValues(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
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
    registry.close();
    broker.close();
  }
}
