package io.blipstream.app.inflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldOffsetClientSupplierTest {

  private static final TopicPartition P0 = new TopicPartition("images", 0);
  private static final Map<TopicPartition, OffsetAndMetadata> TWENTY =
      Map.of(P0, new OffsetAndMetadata(20));

  private final List<String> calls = new ArrayList<>();
  private final OffsetLedger ledger = new OffsetLedger();
  private final BlockingBudget blocking =
      new BlockingBudget(Duration.ofSeconds(1), Duration.ofMillis(1));
  private final Intake intake = new Intake();
  private RuntimeException failure;

  private final HeldOffsetClientSupplier supplier =
      new HeldOffsetClientSupplier(new Recording(), ledger, blocking, intake, 1000, 100);

  @BeforeEach
  void holdTen() {
    ledger.open(P0).add(10);
  }

  @Test
  void shouldLowerWhatIsCommittedWithATransaction() {
    supplier.getProducer(Map.of()).sendOffsetsToTransaction(TWENTY, null);
    assertThat(calls).singleElement().asString().contains("offset=10").doesNotContain("=20");
  }

  @Test
  void shouldLowerEveryWayToCommitOfTheConsumer() {
    Consumer<byte[], byte[]> consumer = supplier.getConsumer(Map.of());
    consumer.commitSync(TWENTY);
    consumer.commitSync(TWENTY, Duration.ofSeconds(1));
    consumer.commitAsync(TWENTY, null);
    assertThat(calls).hasSize(3).allMatch(call -> call.contains("offset=10"));
  }

  @Test
  void shouldLowerDeletions() {
    supplier.getAdmin(Map.of()).deleteRecords(Map.of(P0, RecordsToDelete.beforeOffset(20)));
    assertThat(calls).singleElement().asString().contains("beforeOffset = 10");
  }

  @Test
  void shouldNotSendOffsetsAgainThatItHasCommitted() {
    Producer<byte[], byte[]> producer = supplier.getProducer(Map.of());
    producer.sendOffsetsToTransaction(TWENTY, null);
    producer.commitTransaction();
    calls.clear();
    producer.sendOffsetsToTransaction(TWENTY, null);
    producer.commitTransaction();
    assertThat(calls).as("what ends a transaction locally").containsExactly("commitTransaction ");
  }

  @Test
  void shouldSendOffsetsAgainWithRecordsAndWhenTheyMove() {
    Producer<byte[], byte[]> producer = supplier.getProducer(Map.of());
    producer.sendOffsetsToTransaction(TWENTY, null);
    producer.commitTransaction();
    calls.clear();
    assertThat(producer.send(new ProducerRecord<>("captions", new byte[0]))).isNull();
    producer.sendOffsetsToTransaction(TWENTY, null);
    assertThat(calls).hasSize(2);
    producer.commitTransaction();
    calls.clear();
    ledger.open(P0).add(11);
    producer.sendOffsetsToTransaction(TWENTY, null);
    assertThat(calls).singleElement().asString().contains("offset=11");
  }

  @Test
  void shouldSendOffsetsAgainWhoseTransactionWasAbortedOrIsAnothers() {
    Producer<byte[], byte[]> producer = supplier.getProducer(Map.of());
    producer.sendOffsetsToTransaction(TWENTY, null);
    producer.abortTransaction();
    producer.sendOffsetsToTransaction(TWENTY, null);
    producer.commitTransaction();
    supplier.getProducer(Map.of()).sendOffsetsToTransaction(TWENTY, null);
    assertThat(calls).filteredOn(call -> call.startsWith("sendOffsets")).hasSize(3);
  }

  @Test
  void shouldRenewTheBlockingBudgetWithEveryCommit() {
    blocking.spend(Duration.ofSeconds(2).toNanos());
    blocking.forwarded();
    assertThat(blocking.remainingNanos()).isZero();
    supplier.getProducer(Map.of()).sendOffsetsToTransaction(TWENTY, null);
    assertThat(blocking.remainingNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void shouldPauseAllPartitionsBeforeEveryPollOnceTheIntakeIsStopped() {
    Consumer<byte[], byte[]> consumer = supplier.getConsumer(Map.of());
    consumer.poll(Duration.ZERO);
    assertThat(calls).noneMatch(call -> call.startsWith("pause"));
    intake.stop(Duration.ofMinutes(1));
    consumer.poll(Duration.ZERO);
    assertThat(calls).anyMatch(call -> call.startsWith("pause"));
  }

  @Test
  void shouldNotPollWithoutWaitingOnceTheIntakeIsStopped() {
    Consumer<byte[], byte[]> consumer = supplier.getConsumer(Map.of());
    consumer.poll(Duration.ZERO);
    intake.stop(Duration.ofMinutes(1));
    consumer.poll(Duration.ZERO);
    assertThat(calls).contains("poll PT0S", "poll PT0.02S");
  }

  @Test
  void shouldEndAThreadThatStillPollsWhenTheStopsPatienceIsOver() {
    Consumer<byte[], byte[]> consumer = supplier.getConsumer(Map.of());
    intake.stop(Duration.ZERO);
    assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
        .isInstanceOf(StoppedInRebalanceException.class);
    assertThat(calls).isEmpty();
  }

  @Test
  void shouldThrowWhatTheClientThrew() {
    failure = new ProducerFencedException("fenced");
    assertThatThrownBy(() -> supplier.getProducer(Map.of()).sendOffsetsToTransaction(TWENTY, null))
        .isSameAs(failure);
  }

  /** Gives clients that write down what they are asked. */
  private final class Recording implements KafkaClientSupplier {

    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return recorder(Admin.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return recorder(Producer.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return recorder(Consumer.class);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return getConsumer(config);
    }

    private <T> T recorder(Class<T> type) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                if (failure != null) {
                  throw failure;
                }
                if (method.getName().equals("assignment")) {
                  return Set.of(P0);
                }
                if (method.getName().equals("paused")) {
                  return Set.of();
                }
                calls.add(method.getName() + " " + describe(arguments));
                return method.getName().equals("poll") ? ConsumerRecords.empty() : null;
              }));
    }

    private static String describe(Object[] arguments) {
      Object first = arguments == null ? "" : arguments[0];
      if (first instanceof Map<?, ?> map
          && map.values().iterator().next() instanceof RecordsToDelete deletion) {
        return "beforeOffset = " + deletion.beforeOffset();
      }
      return String.valueOf(first);
    }
  }
}
