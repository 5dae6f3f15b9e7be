package io.blipstream.app.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollGateTest {

  private static final TopicPartition P0 = new TopicPartition("images", 0);
  private static final TopicPartition P1 = new TopicPartition("images", 1);

  private final OffsetLedger ledger = new OffsetLedger();
  private final AtomicLong nanos = new AtomicLong();
  private final PollGate gate = new PollGate(ledger, 100, 20, nanos::get);
  private final Consumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private OffsetLedger.Hold hold = ledger.open(P0);
  private long nextOffset;

  @BeforeEach
  void assign() {
    consumer.assign(List.of(P0, P1));
    ledger.open(P1);
  }

  private void read(TopicPartition partition, long from, int count, int bytes) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          new ConsumerRecord<>(
              partition.topic(),
              partition.partition(),
              from + i,
              0,
              TimestampType.CREATE_TIME,
              -1,
              bytes,
              null,
              new byte[bytes],
              new RecordHeaders(),
              Optional.empty()));
    }
    gate.afterPoll(new ConsumerRecords<>(Map.of(partition, records), new HashMap<>()));
  }

  private void answer(long from, int count) {
    for (int i = 0; i < count; i++) {
      hold.add(from + i);
    }
    for (int i = 0; i < count; i++) {
      hold.removeLowest(from + i);
    }
  }

  @Test
  void shouldLookForAnswersLessOftenWhereTheyTakeLong() {
    Duration asked = Duration.ofMillis(10);
    assertThat(gate.patience(asked)).isEqualTo(asked);
    assertThat(patienceAfterAnswerIn(Duration.ofMillis(100))).isEqualTo(asked);
    assertThat(patienceAfterAnswerIn(Duration.ofMillis(600))).isEqualTo(Duration.ofMillis(30));
    assertThat(patienceAfterAnswerIn(Duration.ofHours(1))).isEqualTo(Duration.ofMillis(50));
    assertThat(gate.patience(Duration.ZERO)).as("must not wait").isZero();
    assertThat(gate.patience(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(patienceAfterAnswerIn(Duration.ofMillis(100))).as("fast again").isEqualTo(asked);
  }

  private Duration patienceAfterAnswerIn(Duration time) {
    long offset = nextOffset++;
    read(P0, offset, 1, 1);
    nanos.addAndGet(time.toNanos());
    answer(offset, 1);
    gate.beforePoll(consumer);
    return gate.patience(Duration.ofMillis(10));
  }

  @Test
  void shouldPauseAllPartitionsWhileTooMuchIsUnansweredAndResumeThemAfter() {
    read(P0, 0, 9, 10);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).isEmpty();
    read(P0, 9, 1, 10);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).containsExactlyInAnyOrder(P0, P1);
    hold.add(0);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).as("taken on is not answered").hasSize(2);
    hold.removeLowest(0);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void shouldPauseAPartitionThatHasTooManyRecordsAndLetOthersFlow() {
    read(P0, 0, 19, 1);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).isEmpty();
    read(P0, 19, 1, 1);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).containsExactly(P0);
    answer(0, 1);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void shouldKeepACrowdedPartitionPausedWhenTheBytesAreFewAgain() {
    read(P0, 0, 21, 1);
    read(P1, 0, 1, 1000);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).hasSize(2);
    ledger.open(P1);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).containsExactly(P0);
  }

  @Test
  void shouldCountWhatWaitsInKafkaStreamsBuffersToo() {
    read(P0, 0, 20, 10);
    answer(0, 5);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).as("15 were not even taken on").hasSize(2);
  }

  @Test
  void shouldLeavePausedWhatKafkaStreamsPaused() {
    consumer.pause(List.of(P1));
    read(P0, 0, 1, 1000);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).hasSize(2);
    answer(0, 1);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).containsExactly(P1);
  }

  @Test
  void shouldPauseAgainWhatKafkaStreamsResumesMeanwhile() {
    read(P0, 0, 1, 1000);
    gate.beforePoll(consumer);
    consumer.resume(List.of(P0));
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).hasSize(2);
  }

  @Test
  void shouldOpenWhenTheTaskBeginsAnewOrThePartitionGoes() {
    read(P0, 0, 1, 1000);
    gate.beforePoll(consumer);
    hold = ledger.open(P0);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).as("it is read again").isEmpty();
    read(P0, 0, 1, 1000);
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).hasSize(2);
    consumer.assign(List.of(P1));
    gate.beforePoll(consumer);
    assertThat(consumer.paused()).doesNotContain(P1);
  }
}
