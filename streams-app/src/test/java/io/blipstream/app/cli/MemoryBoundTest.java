package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.app.cli.soak.Child;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.serde.RecordSerdes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Images of 1 KB to 20 MB, far more than the heap, before a service with 512 MB of it. */
@Tag("slow")
@Timeout(600)
class MemoryBoundTest {

  private static final String HEAP = "512m";
  private static final int IMAGES = 240;
  private static final int PARTITIONS = 6;
  private static final int SMALLEST = 1_000;
  private static final int LARGEST = 20_000_000;
  private static final int TOPIC_BYTES = 24 << 20;

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  @BeforeAll
  static void fill() throws Exception {
    try (Admin admin = cluster.admin()) {
      Topics.createMissing(
          admin,
          Stream.concat(
                  Stream.of(new TopicSpec("images", PARTITIONS, TOPIC_BYTES)),
                  Stream.of("captions", "itm-confidence", "rejects")
                      .map(topic -> new TopicSpec(topic, PARTITIONS, TopicSpec.TEXT_BYTES)))
              .toList());
    }
    send();
  }

  /** Sizes are spread evenly over their logarithm; half of all bytes are in the largest tenth. */
  private static void send() throws Exception {
    Random random = new Random(42);
    try (Serde<ImageEvent> events =
            RecordSerdes.create(
                ImageEvent.class, Map.of("schema.registry.url", cluster.registryUrl()), false);
        var producer =
            new KafkaProducer<>(
                Map.<String, Object>of(
                    "bootstrap.servers",
                    cluster.bootstrapServers(),
                    "max.in.flight.requests.per.connection",
                    1,
                    "max.request.size",
                    TOPIC_BYTES,
                    "buffer.memory",
                    2 * TOPIC_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      long sum = 0;
      for (int i = 0; i < IMAGES; i++) {
        double share = i % 10 == 0 ? 1 : random.nextDouble();
        byte[] content = new byte[(int) (SMALLEST * Math.pow(LARGEST / (double) SMALLEST, share))];
        sum += content.length;
        ImageEvent event =
            ImageEvent.newBuilder()
                .setId("image-" + i)
                .setContent(ByteBuffer.wrap(content))
                .build();
        byte[] value = events.serializer().serialize("images", event);
        // One at a time: the test's own heap is no concern here.
        producer
            .send(
                new ProducerRecord<>(
                    "images", i % PARTITIONS, event.getId().getBytes(UTF_8), value))
            .get();
      }
      assertThat(sum).as("bytes sent").isGreaterThan(700_000_000L);
    }
  }

  private static Child run(String application, String... more) throws IOException {
    return Child.start(
        Main.class.getName(),
        HEAP,
        Stream.concat(
                Stream.of(
                    "run",
                    "--engine=simulated",
                    "--image-side=0",
                    "--batch-size=8",
                    "--application-id=" + application,
                    "--state-dir=" + folder.resolve(application),
                    "--bootstrap-servers=" + cluster.bootstrapServers(),
                    "--schema-registry-url=" + cluster.registryUrl()),
                Stream.of(more))
            .toList(),
        folder.resolve(application + ".log"));
  }

  @Test
  void shouldJudgeImagesOfAllSizesWithinASmallHeap() throws Exception {
    try (Child service = run("bounded", "--batch-millis=1000")) {
      long deadline = System.nanoTime() + Duration.ofMinutes(8).toNanos();
      while (cluster.committed("bounded") < IMAGES) {
        assertThat(service.isAlive() && System.nanoTime() < deadline)
            .as(
                "%d committed; the service said%n%s",
                cluster.committed("bounded"), service.printed())
            .isTrue();
        Thread.sleep(500);
      }
      assertThat(service.printed()).doesNotContain("OutOfMemoryError");
    }
  }

  /**
   * The negative control: without the bound in bytes, the same images are too much. The device
   * judges hardly any, so that all come in however slowly they are read.
   */
  @Test
  void shouldRunOutOfMemoryWereInputNotBoundedInBytes() throws Exception {
    try (Child service =
        run("unbounded", "--batch-millis=100000", "--window-bytes=" + (1L << 40))) {
      long deadline = System.nanoTime() + Duration.ofMinutes(8).toNanos();
      while (!service.printed().contains("OutOfMemoryError")) {
        assertThat(cluster.committed("unbounded"))
            .as("not all images are judged")
            .isLessThan(IMAGES);
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(500);
      }
    }
  }
}
