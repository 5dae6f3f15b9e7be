package io.blipstream.app.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.inflight.StalledStream.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long waits and idleness against a real broker, each with its control. */
@Tag("slow")
@Timeout(600)
class StallTest {

  private static final int RECORDS = 40;

  /** Room for three of the records, each with what it is counted for beside its bytes. */
  private static final long WINDOW_BYTES = 1_000;

  /** The embedded broker looks for expired transactions every second: this one it surely sees. */
  private static final Duration STALL =
      StalledStream.TRANSACTION_TIMEOUT.multipliedBy(2).plusSeconds(2);

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  private static StalledStream start(String name, Duration block, Variant variant)
      throws Exception {
    StalledStream.createAndFill(cluster.bootstrapServers(), name, RECORDS);
    return new StalledStream(
        cluster.bootstrapServers(), name, folder.resolve(name), block, variant);
  }

  @Test
  void shouldOutliveAStallOfTwiceTheTransactionTimeout() throws Exception {
    try (StalledStream stream = start("stall", Duration.ofMillis(500), Variant.PLAIN)) {
      await(() -> !stream.started.isEmpty());
      Thread.sleep(STALL.toMillis());
      stream.goOn();
      await(() -> cluster.committed("stall") == RECORDS);
      assertThat(stream.lives).as("never fenced, so never begun anew").hasValue(1);
      assertThat(stream.started).doesNotHaveDuplicates().hasSize(RECORDS);
      assertThat(stream.failures).isEmpty();
      assertThat(stream.gauge.snapshot().overflows()).as("it did wait for room").isPositive();
    }
    assertThat(cluster.committedValues("stall-out")).hasSize(RECORDS).doesNotHaveDuplicates();
  }

  /** The negative control of the test above: a thread that waits on is fenced and starts over. */
  @Test
  void shouldBeFencedIfAThreadWaitedAsLongAsTheStall() throws Exception {
    try (StalledStream stream =
        start("fenced", STALL.multipliedBy(2), Variant.PLAIN.lettingOutcomesWait())) {
      await(() -> !stream.started.isEmpty());
      Thread.sleep(STALL.toMillis());
      stream.goOn();
      await(() -> stream.lives.get() > 1);
    }
  }

  @Test
  void shouldCommitWhatIsAnsweredThoughTheThreadWaitsForRoomForever() throws Exception {
    try (StalledStream stream = start("visible", Duration.ofDays(1), Variant.PLAIN)) {
      await(() -> cluster.committedValues("visible-out").size() == StalledStream.ANSWERED_AT_ONCE);
      assertThat(stream.gauge.snapshot().overflows()).as("slow is not stuck").isZero();
    }
  }

  /** The negative control of the test above. */
  @Test
  void shouldKeepWhatIsAnsweredFromItsReadersIfOutcomesDidNotEndTheWait() throws Exception {
    try (StalledStream stream =
        start("unseen", Duration.ofDays(1), Variant.PLAIN.lettingOutcomesWait())) {
      await(() -> stream.gauge.snapshot().forwarded() == StalledStream.ANSWERED_AT_ONCE);
      Thread.sleep(1_000);
      assertThat(cluster.committedValues("unseen-out")).isEmpty();
    }
  }

  @Test
  void shouldCommitNothingWhileIdle() throws Exception {
    try (StalledStream stream = start("idle", Duration.ofMillis(500), Variant.PLAIN)) {
      stream.goOn();
      await(() -> cluster.committed("idle") == RECORDS);
      await(StallTest::nothingIsCommitted);
    }
  }

  /**
   * The negative control of the test above: with a punctuator always armed, it commits for ever,
   * unless commits that change nothing are left out.
   */
  @Test
  void shouldCommitForEverIfAPunctuatorAlwaysFired() throws Exception {
    try (StalledStream stream =
        start("ticking", Duration.ofMillis(500), Variant.PLAIN.ticking().withPlainProducers())) {
      stream.goOn();
      await(() -> cluster.committed("ticking") == RECORDS);
      awaitCommitsForEver();
    }
  }

  @Test
  void shouldCommitNothingWhileWhatIsInFlightIsNotAnswered() throws Exception {
    try (StalledStream stream = startUnanswered("unanswered", Variant.PLAIN)) {
      await(() -> stream.started.size() == RECORDS);
      await(StallTest::nothingIsCommitted);
    }
  }

  /** The negative control of the test above. */
  @Test
  void shouldCommitTheSameForEverWithPlainProducers() throws Exception {
    try (StalledStream stream = startUnanswered("same", Variant.PLAIN.withPlainProducers())) {
      await(() -> stream.started.size() == RECORDS);
      awaitCommitsForEver();
    }
  }

  private static StalledStream startUnanswered(String name, Variant variant) throws Exception {
    return start(name, Duration.ofMillis(500), variant.bounded(RECORDS, Long.MAX_VALUE));
  }

  private static void awaitCommitsForEver() throws Exception {
    nothingIsCommitted(); // What was answered is meanwhile, and its markers are written.
    await(() -> !nothingIsCommitted());
  }

  /** Whether three seconds go by without a commit. */
  private static boolean nothingIsCommitted() throws Exception {
    long before = transactionLog();
    Thread.sleep(3_000);
    return transactionLog() == before;
  }

  /** Records ever written to the log of transactions: several for each commit. */
  private static long transactionLog() throws Exception {
    try (Admin admin = cluster.admin()) {
      String topic = "__transaction_state";
      Map<TopicPartition, OffsetSpec> ends =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get()
              .get(topic)
              .partitions()
              .stream()
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(topic, partition.partition()),
                      partition -> OffsetSpec.latest()));
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  /** Under one of them Kafka Streams builds its consumer itself; windows are ours under both. */
  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldTakeOnNoMoreBytesThanTheWindowMayHoldUnderEitherProtocol(String protocol)
      throws Exception {
    try (StalledStream stream = start("bytes-" + protocol, protocol, WINDOW_BYTES)) {
      await(() -> stream.started.size() > StalledStream.ANSWERED_AT_ONCE);
      await(() -> stream.gauge.snapshot().bytes() >= WINDOW_BYTES / 2);
      Thread.sleep(1_000); // More would come.
      assertThat(stream.gauge.snapshot().bytes()).isBetween(WINDOW_BYTES / 2, WINDOW_BYTES);
    }
  }

  /** The negative control of the test above. */
  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldTakeOnMoreBytesIfTheWindowHadNoBoundInBytes(String protocol) throws Exception {
    try (StalledStream stream = start("no-bytes-" + protocol, protocol, Long.MAX_VALUE)) {
      await(() -> stream.gauge.snapshot().bytes() > WINDOW_BYTES);
    }
  }

  /** One that waits for room longer than the test takes. */
  private static StalledStream start(String name, String protocol, long windowBytes)
      throws Exception {
    return start(
        name,
        Duration.ofMinutes(1),
        Variant.PLAIN
            .bounded(RECORDS, windowBytes)
            .lettingOutcomesWait()
            .with(Map.of("group.protocol", protocol, "producer.transaction.timeout.ms", 120_000)));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
      Thread.sleep(200);
    }
  }
}
