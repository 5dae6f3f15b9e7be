package io.blipstream.app.inflight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class InFlightProcessorTest {

  private static final TopicPartition P0 = new TopicPartition("images", 0);
  private static final int WINDOW = 8;

  private final OffsetLedger ledger = new OffsetLedger();
  private final Intake intake = new Intake();
  private final InFlightGauge gauge = new InFlightGauge();
  private final List<InFlight<String>> started = Collections.synchronizedList(new ArrayList<>());
  private final List<String> closedLanes = new ArrayList<>();
  private final List<String> forwardedOutcomes = new ArrayList<>();
  private final TracedContext<byte[], byte[]> context = new TracedContext<>();
  private final BlockingBudget blocking =
      new BlockingBudget(Duration.ofMillis(50), Duration.ofMillis(50));
  private InFlightProcessor<String> processor = processor(1 << 20, blocking);

  /** Remembers which trace was current when each record was forwarded. */
  private static final class TracedContext<K, V> extends MockProcessorContext<K, V> {

    final List<String> traces = new ArrayList<>();

    @Override
    public <A extends K, B extends V> void forward(Record<A, B> record, String childName) {
      traces.add(Span.current().getSpanContext().getTraceId());
      super.forward(record, childName);
    }
  }

  private InFlightProcessor<String> processor(long windowBytes, BlockingBudget budget) {
    InFlightStage<String> stage =
        task ->
            new InFlightStage.Lane<>() {
              @Override
              public void start(InFlight<String> record) {
                started.add(record);
              }

              @Override
              public void close() {
                closedLanes.add(task.toString());
              }
            };
    var settings =
        new InFlightSettings(
            Set.of("images"),
            WINDOW,
            new ByteBudget(windowBytes),
            ledger,
            budget,
            intake,
            gauge,
            W3CTraceContextPropagator.getInstance());
    InFlightProcessor<String> made =
        new InFlightProcessor<>(settings, stage, this::outputs, forwardedOutcomes::add);
    made.init(context);
    return made;
  }

  private List<Output> outputs(String outcome) {
    boolean keepsHeaders = !outcome.equals("without headers");
    return List.of(new Output("out", Optional.empty(), outcome.getBytes(UTF_8), keepsHeaders));
  }

  private void process(long offset, byte[] value) {
    context.setRecordMetadata("images", 0, offset);
    var headers = new RecordHeaders().add("trace", ("t" + offset).getBytes(UTF_8));
    processor.process(new Record<>(null, value, 1000 + offset, headers));
  }

  private void processTraced(long offset, String trace) {
    context.setRecordMetadata("images", 0, offset);
    var headers = new RecordHeaders();
    headers.add("traceparent", ("00-" + trace + "-00f067aa0ba902b7-01").getBytes(UTF_8));
    processor.process(new Record<>(null, new byte[1], 1000 + offset, headers));
  }

  private void process(long from, int count) {
    for (int i = 0; i < count; i++) {
      process(from + i, new byte[10]);
    }
  }

  private List<String> forwarded() {
    return context.forwarded().stream().map(f -> new String(f.record().value(), UTF_8)).toList();
  }

  private void punctuate() {
    for (CapturedPunctuator punctuator : armed()) {
      punctuator.getPunctuator().punctuate(0);
    }
  }

  private List<CapturedPunctuator> armed() {
    return context.scheduledPunctuators().stream().filter(p -> !p.cancelled()).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldKeepOrderWhateverTheOrderOfTheResults(long seed) {
    process(100, WINDOW);
    List<InFlight<String>> shuffled = new ArrayList<>(started);
    Collections.shuffle(shuffled, new Random(seed));
    List<String> expected = new ArrayList<>();
    for (InFlight<String> record : shuffled) {
      record.complete("r" + record.offset());
      punctuate();
      assertThat(ledger.held(P0))
          .as("held at the first record not forwarded")
          .isEqualTo(
              forwarded().size() == WINDOW
                  ? OptionalLong.empty()
                  : OptionalLong.of(100L + forwarded().size()));
    }
    for (int i = 0; i < WINDOW; i++) {
      expected.add("r" + (100 + i));
    }
    assertThat(forwarded()).isEqualTo(expected);
    assertThat(forwardedOutcomes).isEqualTo(expected);
  }

  @Test
  void shouldCarryTimestampAndHeadersOfTheInput() {
    process(7, new byte[1]);
    started.get(0).complete("r7");
    punctuate();
    var record = context.forwarded().get(0).record();
    assertThat(record.timestamp()).isEqualTo(1007);
    assertThat(record.headers().lastHeader("trace").value()).isEqualTo("t7".getBytes(UTF_8));
    assertThat(context.forwarded().get(0).childName()).contains("out");
  }

  /** What an agent's producer would take for the parent of the records that are sent. */
  @Test
  void shouldForwardEachOutputInTheTraceOfItsOwnInput() {
    String first = "1".repeat(32);
    String second = "2".repeat(32);
    String none = TraceId.getInvalid();
    processTraced(1, first);
    process(2, new byte[1]);
    processTraced(3, second);
    started.get(0).complete("r1");
    started.get(1).complete("r2");
    // As an agent has it: the trace of what is processed is current, and not theirs.
    Context other = Context.root().with(Span.wrap(spanContext("3".repeat(32))));
    try (Scope current = other.makeCurrent()) {
      assertThat(current).isNotNull();
      processTraced(4, "3".repeat(32));
    }
    started.get(2).complete("without headers");
    started.get(3).complete("r4");
    punctuate();
    assertThat(context.traces).containsExactly(first, none, second, "3".repeat(32));
    assertThat(Context.current()).as("nothing stays current").isEqualTo(Context.root());
  }

  @Test
  void shouldKeepTheTraceOfAnInputWhoseHeadersAreTooLarge() {
    context.setRecordMetadata("images", 0, 1);
    var headers = new RecordHeaders();
    headers.add("traceparent", "of another".getBytes(UTF_8));
    headers.add("traceparent", "its own".getBytes(UTF_8));
    headers.add("tracestate", new byte[10_000]);
    headers.add("huge", new byte[10_000]);
    processor.process(new Record<>(null, new byte[1], 1001, headers));
    started.get(0).complete("without headers");
    punctuate();
    assertThat(context.forwarded().get(0).record().headers().toArray())
        .singleElement()
        .isEqualTo(new RecordHeader("traceparent", "its own".getBytes(UTF_8)));
  }

  private static SpanContext spanContext(String trace) {
    return SpanContext.create(
        trace, "1111111111111111", TraceFlags.getSampled(), TraceState.getDefault());
  }

  @Test
  void shouldSettleARecordOnlyOnce() {
    process(1, 1);
    InFlight<String> record = started.get(0);
    assertThat(record.complete("first")).isTrue();
    assertThat(record.complete("second")).isFalse();
    assertThat(record.fail(new IllegalStateException())).isFalse();
    punctuate();
    assertThat(record.complete("third")).isFalse();
    punctuate();
    assertThat(forwarded()).containsExactly("first");
  }

  @Test
  void shouldLetExactlyOneOfManyThreadsSettle() throws Exception {
    process(1, 1);
    AtomicInteger winners = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String outcome = "r" + i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  return;
                }
                if (started.get(0).complete(outcome)) {
                  winners.incrementAndGet();
                }
              });
      thread.start();
      threads.add(thread);
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(winners).hasValue(1);
    punctuate();
    assertThat(forwarded()).hasSize(1);
  }

  @Test
  void shouldArmThePunctuatorOnlyWhileRecordsAreInFlight() {
    assertThat(armed()).isEmpty();
    process(1, 2);
    assertThat(armed()).hasSize(1);
    started.get(0).complete("r1");
    punctuate();
    assertThat(armed()).hasSize(1);
    started.get(1).complete("r2");
    punctuate();
    assertThat(armed()).isEmpty();
    process(3, 1);
    assertThat(armed()).hasSize(1);
  }

  @Test
  void shouldDropTheLateResultOfAClosedTaskAndNeverForwardInClose() {
    process(1, 2);
    started.get(0).complete("ready but not forwarded");
    processor.close();
    assertThat(forwarded()).isEmpty();
    assertThat(started.get(1).complete("late")).isFalse();
    assertThat(closedLanes).hasSize(1);
    assertThat(armed()).isEmpty();
    assertThat(gauge.snapshot().records()).isZero();
    assertThat(gauge.snapshot().bytes()).isZero();
    assertThat(gauge.snapshot().dropped()).isEqualTo(2);
  }

  @Test
  void shouldKeepHoldsAfterCloseAndRenewThemInInit() {
    process(5, 2);
    processor.close();
    assertThat(ledger.held(P0)).as("a commit may follow close").isEqualTo(OptionalLong.of(5));
    processor.init(context);
    assertThat(ledger.held(P0)).isEmpty();
    process(5, 1);
    InFlight<String> oldLife = started.get(0);
    InFlight<String> newLife = started.get(2);
    oldLife.complete("old");
    punctuate();
    assertThat(forwarded()).isEmpty();
    newLife.complete("new");
    punctuate();
    assertThat(forwarded()).containsExactly("new");
  }

  @Test
  void shouldTakeARecordBeyondTheBoundRatherThanLoseItOrBlockForEver() {
    process(1, WINDOW);
    long start = System.nanoTime();
    process(1 + WINDOW, 1);
    assertThat(System.nanoTime() - start).as("waited for room").isGreaterThan(40_000_000L);
    assertThat(started).hasSize(WINDOW + 1);
    assertThat(gauge.snapshot().overflows()).isEqualTo(1);
    // The budget is per commit: the next record does not wait again before one.
    assertThat(blocking.remainingNanos()).isZero();
    process(2 + WINDOW, 1);
    assertThat(gauge.snapshot().overflows()).isEqualTo(2);
    assertThat(ledger.held(P0)).isEqualTo(OptionalLong.of(1));
  }

  @Test
  void shouldGoOnAsSoonAsTheHeadIsSettledWhileItWaitsForRoom() {
    processor =
        processor(1 << 20, new BlockingBudget(Duration.ofSeconds(50), Duration.ofSeconds(50)));
    process(1, WINDOW);
    InFlight<String> head = started.get(0);
    new Thread(() -> head.complete("r1")).start();
    process(1 + WINDOW, 1);
    assertThat(forwarded()).containsExactly("r1");
    assertThat(gauge.snapshot().overflows()).isZero();
  }

  @Test
  void shouldWaitNoLongerThanACommitIntervalOnceThereAreOutcomesToCommit() {
    processor = processor(1 << 20, new BlockingBudget(Duration.ofDays(1), Duration.ofMillis(1)));
    process(1, WINDOW);
    started.get(0).complete("r1");
    // The first takes the room of the one that is forwarded; the second finds none.
    process(1 + WINDOW, 2);
    assertThat(forwarded()).containsExactly("r1");
    assertThat(started).hasSize(WINDOW + 2);
    assertThat(gauge.snapshot().overflows()).as("slow is not stuck").isZero();
  }

  @Test
  void shouldBoundTheBytesInFlightButTakeOneRecordOfAnySize() {
    BlockingBudget none = new BlockingBudget(Duration.ZERO, Duration.ZERO);
    processor = processor(10_000, none);
    process(1, new byte[50_000]);
    assertThat(gauge.snapshot().overflows()).isZero();
    process(2, new byte[10]);
    assertThat(gauge.snapshot().overflows()).as("no room beside the large one").isEqualTo(1);
    started.get(0).complete("r1");
    started.get(1).complete("r2");
    punctuate();
    none.renew();
    process(3, new byte[6_000]);
    assertThat(gauge.snapshot().overflows()).isEqualTo(1);
    process(4, new byte[6_000]);
    assertThat(gauge.snapshot().overflows()).isEqualTo(2);
  }

  @Test
  void shouldNotTakeTheSameRecordTwiceWhenItsProcessingIsRetried() {
    process(1, 1);
    process(1, 1);
    assertThat(started).hasSize(1);
    started.get(0).complete("r1");
    punctuate();
    assertThat(forwarded()).containsExactly("r1");
    assertThat(ledger.held(P0)).isEmpty();
  }

  @Test
  void shouldThrowOnTheStreamThreadWhenTheProcessIsAtFault() {
    process(1, 2);
    started.get(0).fail(new OutOfMemoryError("none left"));
    started.get(1).complete("r2");
    assertThatThrownBy(this::punctuate)
        .isInstanceOf(InFlightFailedException.class)
        .hasMessageContaining("images-0 offset 1");
    assertThat(forwarded()).isEmpty();
    assertThat(ledger.held(P0)).isEqualTo(OptionalLong.of(1));
  }

  @Test
  void shouldKeepTheRecordWhenForwardingFails() {
    process(1, 1);
    started.get(0).complete("r1");
    var failing =
        new InFlightProcessor<String>(
            new InFlightSettings(
                Set.of("images"),
                WINDOW,
                new ByteBudget(1000),
                ledger,
                blocking,
                intake,
                gauge,
                TextMapPropagator.noop()),
            task ->
                new InFlightStage.Lane<>() {
                  @Override
                  public void start(InFlight<String> record) {
                    record.complete("x");
                  }

                  @Override
                  public void close() {}
                },
            outcome -> {
              throw new IllegalStateException("producer");
            },
            forwardedOutcomes::add);
    failing.init(context);
    context.setRecordMetadata("images", 0, 40);
    assertThatThrownBy(() -> failing.process(new Record<>(null, null, 0))).hasMessage("producer");
    assertThat(ledger.held(P0)).isEqualTo(OptionalLong.of(40));
    assertThat(forwardedOutcomes).isEmpty();
  }

  @Test
  void shouldBeginNoWorkOnceTheIntakeIsStoppedButHoldTheOffset() {
    process(1, 1);
    intake.stop(Duration.ofMinutes(1));
    process(2, 3);
    assertThat(started).hasSize(1);
    assertThat(gauge.snapshot().started()).isEqualTo(1);
    started.get(0).complete("r1");
    punctuate();
    assertThat(forwarded()).containsExactly("r1");
    assertThat(gauge.snapshot().started()).isZero();
    assertThat(ledger.held(P0)).isEqualTo(OptionalLong.of(2));
  }
}
