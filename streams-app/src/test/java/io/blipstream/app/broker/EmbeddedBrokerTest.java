package io.blipstream.app.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  private static final TopicSpec IMAGES = new TopicSpec("images", 1, TopicSpec.IMAGE_BYTES);

  @TempDir private Path folder;

  @Test
  void shouldKeepTopicsAndRecordsAcrossAnOrderlyRestart() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      createTopic(broker.bootstrapServers());
      send(broker.bootstrapServers(), "one".getBytes(StandardCharsets.UTF_8));
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(readAll(broker.bootstrapServers(), 1)).containsExactly("one");
    }
  }

  @Test
  void shouldKeepTopicsAndRecordsWhenKilled() throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.lines().anyMatch("ready"::equals)).isTrue();
    } finally {
      victim.destroyForcibly().waitFor();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(readAll(broker.bootstrapServers(), 1)).containsExactly("one");
      send(broker.bootstrapServers(), "two".getBytes(StandardCharsets.UTF_8));
      assertThat(readAll(broker.bootstrapServers(), 2)).containsExactly("one", "two");
    }
  }

  @Test
  void shouldTakeAnImageOfFifteenMebibytes() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      createTopic(broker.bootstrapServers());
      send(broker.bootstrapServers(), new byte[15 << 20]);
      assertThat(readAll(broker.bootstrapServers(), 1)).first().asString().hasSize(15 << 20);
    }
  }

  @Test
  void shouldRefuseAFolderInUseAndGiveItBackWhenClosed() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another Blipstream");
    }
    EmbeddedBroker.start(folder, 0).close();
  }

  @Test
  void shouldNameAPortThatIsInUseAndLeaveTheFolderFree() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + " is in use");
    }
    FolderLock.acquire(folder).close();
  }

  @Test
  void shouldCreateOnlyWhatIsMissing() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        Admin admin = admin(broker.bootstrapServers())) {
      assertThat(Topics.missing(admin, List.of("images", "captions")))
          .containsExactly("images", "captions");
      Topics.createMissing(admin, List.of(IMAGES));
      Topics.createMissing(
          admin, List.of(IMAGES, new TopicSpec("captions", 3, TopicSpec.TEXT_BYTES)));
      assertThat(Topics.missing(admin, List.of("images", "captions", "rejects")))
          .containsExactly("rejects");
      assertThat(
              admin
                  .describeTopics(List.of("captions"))
                  .allTopicNames()
                  .get()
                  .get("captions")
                  .partitions())
          .hasSize(3);
    }
  }

  /** A process of its own that can be killed: writes one record and waits. */
  static final class Victim {
    public static void main(String[] args) throws Exception {
      EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0);
      createTopic(broker.bootstrapServers());
      send(broker.bootstrapServers(), "one".getBytes(StandardCharsets.UTF_8));
      System.out.println("ready");
      Thread.sleep(60_000);
    }
  }

  private static Admin admin(String bootstrap) {
    return Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  private static void createTopic(String bootstrap) throws InterruptedException {
    try (Admin admin = admin(bootstrap)) {
      Topics.createMissing(admin, List.of(IMAGES));
    }
  }

  private static void send(String bootstrap, byte[] value) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("max.request.size", Integer.toString(TopicSpec.IMAGE_BYTES));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("images", value)).get();
    }
  }

  private static List<String> readAll(String bootstrap, int count) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition("images", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
      }
    }
    return values;
  }

  @Test
  void shouldSayWhichFolderCannotBeWritten(@TempDir Path shared) throws IOException {
    Path file = Files.writeString(shared.resolve("file"), "no folder");
    assertThatThrownBy(() -> EmbeddedBroker.start(file.resolve("kafka"), 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.resolve("kafka") + " for Kafka's data cannot be made or written")
        .hasMessageContaining("choose another");
  }
}
