package io.blipstream.app.inflight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.app.batching.ManualBatcher;
import io.blipstream.app.batching.MicroBatcher;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Window, ledger and batcher together, driven by 100,000 random steps on one thread and checked
 * against {@link PartitionModel} after each. The controls break one rule each, and are caught.
 */
@Timeout(60)
class StateMachineTest {

  private static final int STEPS = 100_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldHoldItsPromisesThroughRandomSteps(long seed) throws Exception {
    new World(seed, Broken.NOTHING).run(STEPS);
  }

  @ParameterizedTest
  @EnumSource(value = Broken.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void shouldCatchWhatIsBroken(Broken broken) {
    assertThatThrownBy(() -> new World(1, broken).run(STEPS)).isInstanceOf(AssertionError.class);
  }

  /** A rule that the stream does not keep. */
  private enum Broken {
    NOTHING,
    /** Kafka Streams' own offsets are committed. */
    COMMITS_ARE_NOT_LOWERED,
    /** Holds are dropped in close, although a commit follows it. */
    HOLDS_END_WITH_CLOSE,
    /** A result that comes after its task was closed is given to the task's next life. */
    LATE_RESULTS_COUNT,
    /** What was read before a crash is not read again. */
    POSITION_SURVIVES
  }

  private record Ready(Task task, InFlight<String> record, int life) {}

  /** All that one process has. It is replaced as a whole when the process is stopped. */
  private static final class World {

    private final Random random;
    private final Broken broken;
    private final List<Task> tasks = List.of(new Task(this, 0), new Task(this, 1));
    private final List<Ready> begun = new ArrayList<>();
    private final List<Ready> computed = new ArrayList<>();
    private int serial;

    private OffsetLedger ledger;
    private InFlightGauge gauge;
    private ByteBudget bytes;
    private Intake intake;
    private ManualBatcher<Integer, Integer> batcher;

    World(long seed, Broken broken) {
      this.random = new Random(seed);
      this.broken = broken;
    }

    void run(int steps) throws Exception {
      startProcess();
      for (int i = 0; i < steps; i++) {
        step();
        tasks.forEach(Task::check);
      }
      stopProcess();
      assertThat(tasks)
          .extracting(task -> task.model.committed)
          .as("the steps get somewhere")
          .allMatch(committed -> committed > steps / 50);
    }

    private void step() throws InterruptedException {
      Task task = tasks.get(random.nextInt(tasks.size()));
      int dice = random.nextInt(1000);
      if (dice < 220) {
        task.read(new byte[random.nextInt(40)]);
      } else if (dice < 480) {
        submit();
      } else if (dice < 600) {
        batcher.serve();
      } else if (dice < 860) {
        deliver();
      } else if (dice < 940) {
        task.punctuate();
      } else if (dice < 990) {
        task.commit();
      } else if (dice < 992) {
        fail();
      } else if (dice < 994) {
        task.crash();
      } else if (dice < 996) {
        task.revoke();
      } else if (dice < 999) {
        pause(task);
      } else {
        stopProcess();
        startProcess();
      }
    }

    private void startProcess() {
      ledger = new OffsetLedger();
      gauge = new InFlightGauge();
      bytes = new ByteBudget(2_000);
      intake = new Intake();
      // Some items are poison, so batches fail and are bisected.
      batcher =
          new ManualBatcher<>(
              4,
              batch -> {
                if (batch.stream().anyMatch(item -> item % 11 == 0)) {
                  throw new IllegalStateException("poison");
                }
                return batch;
              });
      tasks.forEach(task -> task.begin(Optional.empty()));
    }

    /** As at SIGTERM: nothing new is begun, what is answered is committed, tasks are closed. */
    private void stopProcess() throws InterruptedException {
      intake.stop(Duration.ofMinutes(1));
      for (Task task : tasks) {
        task.read(new byte[1]);
        task.punctuate();
        task.revokeWithoutReturn();
      }
      if (random.nextBoolean()) {
        batcher.close();
      }
      var left = gauge.snapshot();
      assertThat(left.records()).as("records left").isZero();
      assertThat(left.started()).as("started left").isZero();
      assertThat(left.bytes()).as("bytes left").isZero();
      assertThat(bytes.shareBytes()).as("no task has a share").isEqualTo(2_000);
      assertThat(batcher.queued()).as("items left in the batcher").isZero();
      assertThat(tasks).allMatch(task -> task.context.armed.isEmpty());
    }

    /** Reading and decoding take their time: records reach the batcher in any order. */
    private void submit() throws InterruptedException {
      Optional<Ready> some = take(begun);
      if (some.isPresent()) {
        Ready next = some.get();
        var unused =
            next.task()
                .lane
                .submit(serial++, 1)
                .whenComplete(
                    (result, failure) -> {
                      // Cancelled with its lane, or closed with the batcher: nobody waits for it.
                      if (!(failure instanceof CancellationException)) {
                        computed.add(next);
                      }
                    });
      }
    }

    /** Results come in any order and any time, also after their task has gone. */
    private void deliver() {
      take(computed).ifPresent(next -> next.task().settle(next));
    }

    private void fail() {
      take(computed)
          .ifPresent(
              next -> next.record().fail(new IllegalStateException("the process is at fault")));
    }

    /** Any of them; of those whose task has gone only some, or soon there would be no others. */
    private Optional<Ready> take(List<Ready> from) {
      while (!from.isEmpty()) {
        Ready next = from.remove(random.nextInt(from.size()));
        if (next.record().isOpen() || random.nextInt(4) == 0) {
          return Optional.of(next);
        }
      }
      return Optional.empty();
    }

    /** A task that is not looked at for a while, as when its thread is stopped. */
    private void pause(Task paused) throws InterruptedException {
      Task other = tasks.get(1 - tasks.indexOf(paused));
      for (int i = 0; i < 50; i++) {
        other.read(new byte[1]);
        submit();
        batcher.serve();
        deliver();
      }
      other.commit();
    }
  }

  /** One partition and its processor. */
  private static final class Task {

    private final World world;
    private final TopicPartition partition;
    private final PartitionModel model = new PartitionModel();
    private ManualContext context;
    private InFlightProcessor<String> processor;
    private MicroBatcher<Integer, Integer>.Lane lane;
    private final List<InFlight<String>> open = new ArrayList<>();

    Task(World world, int number) {
      this.world = world;
      this.partition = new TopicPartition("images", number);
    }

    /**
     * @param same the processor to initialise again, as Kafka Streams does after a corrupted task;
     *     else a new one
     */
    void begin(Optional<InFlightProcessor<String>> same) {
      long position = model.position;
      model.begin();
      if (world.broken == Broken.POSITION_SURVIVES) {
        model.position = Math.max(model.committed, position);
        model.unforwarded = model.position;
      }
      open.clear();
      context = new ManualContext(partition.partition());
      processor = same.orElseGet(this::processor);
      processor.init(context);
    }

    private InFlightProcessor<String> processor() {
      return new InFlightProcessor<>(
          new InFlightSettings(
              Set.of("images"),
              8,
              world.bytes,
              world.ledger,
              new BlockingBudget(Duration.ZERO, Duration.ZERO),
              world.intake,
              world.gauge,
              TextMapPropagator.noop()),
          this::openLane,
          outcome -> List.of(new Output("out", Optional.empty(), outcome.getBytes(UTF_8), true)),
          outcome -> {});
    }

    private InFlightStage.Lane<String> openLane(TaskId task) {
      var mine = world.batcher.openLane();
      lane = mine;
      return new InFlightStage.Lane<>() {
        @Override
        public void start(InFlight<String> record) {
          open.add(record);
          world.begun.add(new Ready(Task.this, record, model.life));
        }

        @Override
        public void close() {
          mine.close();
        }
      };
    }

    void read(byte[] value) {
      context.setRecordMetadata("images", partition.partition(), model.position);
      model.position++;
      act(() -> processor.process(new Record<>(null, value, 0)));
    }

    void punctuate() {
      act(() -> List.copyOf(context.armed).forEach(armed -> armed.punctuate(0)));
    }

    /** Does something that may forward; a failed record stops the thread, as it should. */
    private void act(Runnable action) {
      boolean failed = false;
      try {
        action.run();
      } catch (InFlightFailedException e) {
        failed = true;
      }
      model.forwarded(context.takeForwarded());
      if (failed) {
        crash();
      }
    }

    void settle(Ready ready) {
      boolean wanted = open.remove(ready.record());
      String outcome = PartitionModel.outcome(ready.record().offset(), ready.life());
      if (world.broken == Broken.LATE_RESULTS_COUNT && !wanted && !open.isEmpty()) {
        open.remove(0).complete(outcome);
        return;
      }
      assertThat(ready.record().complete(outcome)).as("wanted, and only once").isEqualTo(wanted);
      assertThat(ready.record().complete("again")).as("a second completion").isFalse();
    }

    void commit() {
      var position = new OffsetAndMetadata(model.position);
      if (world.broken == Broken.COMMITS_ARE_NOT_LOWERED) {
        model.committed(position.offset());
      } else {
        model.committed(world.ledger.lower(Map.of(partition, position)).get(partition).offset());
      }
    }

    /** The transaction is aborted, the task closed and begun again elsewhere or here. */
    void crash() {
      close();
      begin(world.random.nextBoolean() ? Optional.of(processor) : Optional.empty());
    }

    /** An orderly hand-over: Kafka Streams may commit after it has closed the processor. */
    void revoke() {
      revokeWithoutReturn();
      begin(world.random.nextBoolean() ? Optional.of(processor) : Optional.empty());
    }

    void revokeWithoutReturn() {
      close();
      if (world.broken == Broken.HOLDS_END_WITH_CLOSE) {
        world.ledger.open(partition);
      }
      commit();
    }

    private void close() {
      processor.close();
      assertThat(context.takeForwarded()).as("nothing is forwarded by close").isEmpty();
      assertThat(context.armed).isEmpty();
      open.clear();
    }

    void check() {
      assertThat(world.ledger.held(partition)).as("held").isEqualTo(model.held());
    }
  }
}
