package io.blipstream.app.inflight;

import static io.blipstream.app.inflight.StalledStream.ANSWERED_AT_ONCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.inflight.StalledStream.Shape;
import io.blipstream.app.inflight.StalledStream.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why the service is put together as it is: what goes wrong, on a real broker, when something
 * stands before the window or gets past it. Each stream answers its first records, is stopped with
 * others in flight, and is started again.
 */
@Tag("slow")
@Timeout(600)
class AroundTheWindowTest {

  private static final int RECORDS = 40;
  private static final String FIRST_IN_FLIGHT = "record " + ANSWERED_AT_ONCE;
  private static final String UNREADABLE = "record 7";

  /** Sent when a stream is started again; its outcome comes after all others. */
  private static final String LAST = "the last";

  /** How long a stream waits for room before it takes one more. */
  private static final Duration BLOCK = Duration.ofMillis(50);

  private static final String REPARTITION = "-between-repartition";

  private static final Variant REPARTITIONED =
      Variant.PLAIN
          .of(
              new Shape() {
                @Override
                public String input(String name) {
                  return name + REPARTITION;
                }

                @Override
                public Topology topology(
                    String name, ProcessorSupplier<byte[], byte[], byte[], byte[]> window) {
                  var bytes = Serdes.ByteArray();
                  StreamsBuilder builder = new StreamsBuilder();
                  builder.stream(name, Consumed.with(bytes, bytes))
                      // Kafka Streams drops what has no key here.
                      .selectKey((key, value) -> value)
                      .repartition(Repartitioned.with(bytes, bytes).withName("between"))
                      .process(window, Named.as("window"))
                      .to(
                          name + "-out",
                          Produced.<byte[], byte[]>as("out")
                              .withKeySerde(bytes)
                              .withValueSerde(bytes));
                  return builder.build();
                }
              })
          .with(Map.of("repartition.purge.interval.ms", 100));

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  /** The control of the two tests below. */
  @Test
  void shouldWriteEverythingOnceIfNothingStandsBeforeTheWindow() throws Exception {
    prepare("plain");
    stopInFlight("plain", Variant.PLAIN, () -> true);
    goOn("plain", Variant.PLAIN);
    assertThat(cluster.committedValues("plain-out")).hasSize(RECORDS + 1).doesNotHaveDuplicates();
  }

  @Test
  void shouldSeeASinkBeforeTheWindowWriteTwice() throws Exception {
    prepare("sink", "side");
    Variant variant =
        Variant.PLAIN.of(
            (name, window) ->
                StalledStream.plain(name, window)
                    .addSink(
                        "side",
                        name + "-side",
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        "in"));
    stopInFlight("sink", variant, () -> true);
    goOn("sink", variant);
    assertThat(cluster.committedValues("sink-out")).hasSize(RECORDS + 1).doesNotHaveDuplicates();
    assertThat(cluster.committedValues("sink-side"))
        .contains(LAST)
        .filteredOn(FIRST_IN_FLIGHT::equals)
        .hasSize(2);
  }

  /** Kafka's own dead letters (KIP-1034) come from the deserializer, which reads ahead. */
  @Test
  void shouldSeeADeserializerBeforeTheWindowRejectTwice() throws Exception {
    prepare("letters", "dead");
    Variant variant =
        Variant.PLAIN
            .of(
                (name, window) ->
                    new Topology()
                        .addSource("in", new ByteArrayDeserializer(), refusing(), name)
                        .addProcessor("window", window, "in")
                        .addSink(
                            "out",
                            name + "-out",
                            new ByteArraySerializer(),
                            new ByteArraySerializer(),
                            "window"))
            .with(
                Map.of(
                    "deserialization.exception.handler",
                    LogAndContinueExceptionHandler.class,
                    "errors.dead.letter.queue.topic.name",
                    "letters-dead"));
    stopInFlight("letters", variant, () -> true);
    goOn("letters", variant);
    assertThat(cluster.committedValues("letters-out")).hasSize(RECORDS).doesNotHaveDuplicates();
    assertThat(cluster.committedValues("letters-dead")).containsExactly(UNREADABLE, UNREADABLE);
  }

  private static Deserializer<byte[]> refusing() {
    return (topic, data) -> {
      if (new String(data, UTF_8).equals(UNREADABLE)) {
        throw new SerializationException("unreadable");
      }
      return data;
    };
  }

  /** The pair that is refused at start: what it would do, and the other protocol as its control. */
  @Test
  void shouldSeeCommitsPassTheWindowWithAtLeastOnceAndTheStreamsProtocol() throws Exception {
    Map<String, Object> atLeastOnce =
        Map.of("processing.guarantee", "at_least_once", "commit.interval.ms", 100);
    prepare("alo-streams");
    Variant streams = Variant.PLAIN.with(atLeastOnce).with(Map.of("group.protocol", "streams"));
    try (StalledStream stream = start("alo-streams", streams)) {
      awaitStall(stream);
      await(() -> cluster.committed("alo-streams") > ANSWERED_AT_ONCE);
    }
    prepare("alo-classic");
    try (StalledStream stream = start("alo-classic", Variant.PLAIN.with(atLeastOnce))) {
      awaitStall(stream);
      await(() -> cluster.committed("alo-classic") == ANSWERED_AT_ONCE);
      Thread.sleep(1_000);
      assertThat(cluster.committed("alo-classic")).isEqualTo(ANSWERED_AT_ONCE);
    }
  }

  /** Kafka Streams deletes of its repartition topics what it takes for committed. */
  @Test
  void shouldPurgeNothingInFlightOfARepartitionTopic() throws Exception {
    prepare("purge");
    stopInFlight("purge", REPARTITIONED, () -> firstOffset("purge" + REPARTITION) > 0);
    goOn("purge", REPARTITIONED);
    assertThat(cluster.committedValues("purge-out")).hasSize(RECORDS + 1).doesNotHaveDuplicates();
  }

  /** The negative control of the test above. */
  @Test
  void shouldLoseRecordsIfDeletionsFromARepartitionTopicWereNotHeld() throws Exception {
    prepare("lost");
    Variant variant = REPARTITIONED.withoutHoldingDeletions();
    stopInFlight("lost", variant, () -> firstOffset("lost" + REPARTITION) > ANSWERED_AT_ONCE);
    goOn("lost", variant);
    assertThat(cluster.committedValues("lost-out")).hasSizeLessThan(RECORDS + 1);
  }

  private static long firstOffset(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = cluster.admin()) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.earliest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  private static void prepare(String name, String... others) throws Exception {
    StalledStream.createAndFill(cluster.bootstrapServers(), name, RECORDS);
    cluster.createTopics(name, 1, others);
  }

  private static StalledStream start(String name, Variant variant) {
    return new StalledStream(
        cluster.bootstrapServers(), name, folder.resolve(name), BLOCK, variant);
  }

  /** Stops it amid its work, once its first outcomes and what else is asked for are there. */
  private static void stopInFlight(String name, Variant variant, Callable<Boolean> also)
      throws Exception {
    try (StalledStream stream = start(name, variant)) {
      awaitStall(stream);
      await(() -> !cluster.committedValues(name + "-out").isEmpty() && also.call());
      stream.stop();
    }
    assertThat(cluster.committedValues(name + "-out"))
        .hasSizeLessThanOrEqualTo(ANSWERED_AT_ONCE)
        .doesNotContain(FIRST_IN_FLIGHT);
  }

  /** Lets the successor finish. */
  private static void goOn(String name, Variant variant) throws Exception {
    StalledStream.send(cluster.bootstrapServers(), name, List.of(LAST));
    try (StalledStream stream = start(name, variant)) {
      stream.goOn();
      await(() -> cluster.committedValues(name + "-out").contains(LAST));
    }
  }

  /** Waits until records are in flight that have no outcome. */
  private static void awaitStall(StalledStream stream) throws Exception {
    await(
        () -> {
          assertThat(stream.failures).isEmpty();
          return stream.started.size() > ANSWERED_AT_ONCE;
        });
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}
