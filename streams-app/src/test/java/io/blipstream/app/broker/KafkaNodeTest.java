package io.blipstream.app.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.server.common.KRaftVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that end while a lone node stops or starts (KAFKA-20734). */
@Timeout(300)
class KafkaNodeTest {

  private static final ListenerName LISTENER = new ListenerName("PLAINTEXT");
  private static final int PARTITIONS = 12;
  private static final int WRITERS = 4;
  private static final int RESTARTS = 2;
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @Test
  void shouldTellAPartitionWithoutLeaderFromOneThatDoesNotExist() {
    KRaftMetadataCache ours = new KafkaNode.Metadata(1, () -> KRaftVersion.KRAFT_VERSION_0);
    ours.setImage(leaderless());
    assertThat(ours.getPartitionLeaderEndpoint("there", 0, LISTENER)).contains(Node.noNode());
    assertThat(ours.getPartitionLeaderEndpoint("there", 1, LISTENER)).isEmpty();
    assertThat(ours.getPartitionLeaderEndpoint("deleted", 0, LISTENER)).isEmpty();
  }

  @Test
  void shouldGoOnceKafkaTellsThemApartItself() {
    KRaftMetadataCache kafkas = new KRaftMetadataCache(1, () -> KRaftVersion.KRAFT_VERSION_0);
    kafkas.setImage(leaderless());
    assertThat(kafkas.getPartitionLeaderEndpoint("there", 0, LISTENER))
        .as("if this is present, KAFKA-20734 is mended, and KafkaNode can be KafkaRaftServer again")
        .isEmpty();
  }

  private static MetadataImage leaderless() {
    Uuid topic = Uuid.randomUuid();
    MetadataDelta delta = new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
    delta.replay(new TopicRecord().setName("there").setTopicId(topic));
    delta.replay(
        new PartitionRecord()
            .setTopicId(topic)
            .setPartitionId(0)
            .setReplicas(List.of(1))
            .setIsr(List.of(1))
            .setLeader(-1));
    return delta.apply(MetadataProvenance.EMPTY);
  }

  @Test
  void shouldEndEveryTransactionWhenStoppedAmidMany() throws Exception {
    AtomicInteger committed = new AtomicInteger();
    for (int restart = 0; restart < RESTARTS; restart++) {
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
        String bootstrap = broker.bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
          Topics.createMissing(
              admin, List.of(new TopicSpec("outputs", PARTITIONS, TopicSpec.TEXT_BYTES)));
        }
        int before = committed.get();
        for (int writer = 0; writer < WRITERS; writer++) {
          String id = restart + "-" + writer;
          threads.execute(() -> write(bootstrap, id, committed));
        }
        while (committed.get() < before + 20 * WRITERS) {
          Thread.sleep(20);
        }
      } finally {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      // What was open when the broker stopped ends by its timeout.
      long deadline = System.nanoTime() + 12 * TRANSACTION_TIMEOUT.toNanos();
      while (!ends(broker, "read_committed").equals(ends(broker, "read_uncommitted"))
          && System.nanoTime() < deadline) {
        Thread.sleep(200);
      }
      assertThat(ends(broker, "read_committed"))
          .as("after %d transactions", committed.get())
          .isEqualTo(ends(broker, "read_uncommitted"));
    }
  }

  /** Commits transactions, whatever happens, until it is interrupted. */
  private static void write(String bootstrap, String id, AtomicInteger committed) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "transactional.id",
            id,
            "transaction.timeout.ms",
            (int) TRANSACTION_TIMEOUT.toMillis(),
            "linger.ms",
            0);
    while (!Thread.currentThread().isInterrupted()) {
      KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      try {
        producer.initTransactions();
        while (!Thread.currentThread().isInterrupted()) {
          producer.beginTransaction();
          for (int partition = 0; partition < PARTITIONS; partition++) {
            // The commit says whether it was written.
            Future<RecordMetadata> unused =
                producer.send(new ProducerRecord<>("outputs", partition, null, new byte[10]));
          }
          producer.commitTransaction();
          committed.incrementAndGet();
        }
      } catch (KafkaException | IllegalStateException e) {
        // Of a busy machine, or since the broker stops amid transactions, which is what we want.
      } finally {
        producer.close(Duration.ZERO);
      }
    }
  }

  private static Map<TopicPartition, Long> ends(EmbeddedBroker broker, String isolation) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", isolation),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return consumer.endOffsets(
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition("outputs", p)).toList());
    }
  }
}
