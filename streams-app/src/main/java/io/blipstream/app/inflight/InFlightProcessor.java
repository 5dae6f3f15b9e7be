package io.blipstream.app.inflight;

import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A processor that answers its records later, in order, exactly once.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>Commits are held at the first record not yet forwarded ({@link OffsetLedger}), and nothing
 *       from beyond it is in the transaction: this node stands directly behind a source of bytes,
 *       and every output of the topology leaves through its window.
 *   <li>Forwarding happens in {@link #process} and in the punctuator, on the stream thread; never
 *       in {@link #close} or elsewhere.
 *   <li>The punctuator is armed only while records are in flight. One that always fires would make
 *       every commit interval a commit, even when idle; {@link EmptyCommits} then only makes it
 *       cheap.
 *   <li>Holds and the window are renewed in {@link #init}. {@link #close} drops the window but
 *       leaves the holds: a commit may follow it. The same instance may be initialised again.
 *   <li>Waiting for room is bounded ({@link BlockingBudget}). When the budget is spent and the
 *       window is still full, the record is taken beyond the bound: returning without it would lose
 *       it, throwing would redo all that is in flight, and waiting on would let the transaction
 *       expire and be replayed for ever, or keep what was forwarded from its readers. A device that
 *       stays stuck thus costs one record a task and budget, not the stream; and {@link PollGate}
 *       lets no more in than was read already.
 *   <li>Under at least once, Kafka Streams calls {@link #process} again with the same record after
 *       a client's timeout; a record that is already the newest in the window is not taken twice.
 * </ol>
 *
 * @param <R> the outcome
 */
public final class InFlightProcessor<R> implements Processor<byte[], byte[], byte[], byte[]> {

  /**
   * Between looks at the head while no records arrive; adds at most this to the latency, or what
   * {@link PollGate#patience} lets a poll take.
   */
  private static final Duration PUNCTUATION = Duration.ofMillis(10);

  private final InFlightSettings settings;
  private final InFlightStage<R> stage;
  private final Function<R, List<Output>> outputs;
  private final Consumer<R> whenForwarded;

  private final Map<TopicPartition, OffsetLedger.Hold> holds = new HashMap<>();
  private Optional<Life<R>> life = Optional.empty();

  /** What lives from one {@link #init} to the next {@link #close}. */
  private static final class Life<R> {
    final ProcessorContext<byte[], byte[]> context;
    final InFlightWindow<R> window;
    final InFlightStage.Lane<R> lane;
    final List<TaskGauge> gauges;
    Optional<Cancellable> punctuator = Optional.empty();
    int notStarted;

    Life(
        ProcessorContext<byte[], byte[]> context,
        InFlightWindow<R> window,
        InFlightStage.Lane<R> lane,
        List<TaskGauge> gauges) {
      this.context = context;
      this.window = window;
      this.lane = lane;
      this.gauges = gauges;
    }
  }

  /**
   * A processor for one task; the settings and the stage are shared by all.
   *
   * @param outputs the records that an outcome sends on, in order
   * @param whenForwarded told of each outcome once all its records are forwarded, on the stream
   *     thread; must not throw
   */
  public InFlightProcessor(
      InFlightSettings settings,
      InFlightStage<R> stage,
      Function<R, List<Output>> outputs,
      Consumer<R> whenForwarded) {
    this.settings = settings;
    this.stage = stage;
    this.outputs = outputs;
    this.whenForwarded = whenForwarded;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    end();
    holds.clear();
    for (String topic : settings.inputTopics()) {
      TopicPartition partition = new TopicPartition(topic, context.taskId().partition());
      holds.put(partition, settings.ledger().open(partition));
    }
    life =
        Optional.of(
            new Life<>(
                context,
                new InFlightWindow<>(settings.maxRecords(), settings.byteBudget()),
                stage.open(context.taskId()),
                holds.keySet().stream().map(settings.gauge()::opened).toList()));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Life<R> now = life.orElseThrow();
    RecordMetadata metadata = now.context.recordMetadata().orElseThrow();
    TopicPartition partition = new TopicPartition(metadata.topic(), metadata.partition());
    forwardSettled(now);
    if (!now.window.endsWith(partition, metadata.offset())) {
      take(now, partition, metadata.offset(), record);
      forwardSettled(now);
    }
    if (!now.window.isEmpty()) {
      arm(now);
    }
  }

  private void take(
      Life<R> now, TopicPartition partition, long offset, Record<byte[], byte[]> record) {
    Optional<byte[]> key = Optional.ofNullable(record.key());
    Optional<byte[]> value = Optional.ofNullable(record.value());
    makeRoom(now, InFlight.sizeInBytes(key, value));
    InFlight<R> inFlight =
        now.window.add(partition, offset, record.timestamp(), record.headers(), key, value);
    hold(partition).add(offset);
    settings.gauge().added(inFlight.sizeInBytes());
    now.gauges.forEach(gauge -> gauge.show(now.window));
    if (settings.intake().isStopped()) {
      now.notStarted++;
    } else {
      settings.gauge().started();
      now.lane.start(inFlight);
    }
  }

  private void makeRoom(Life<R> now, long bytes) {
    while (!now.window.hasRoomFor(bytes)) {
      long remaining = settings.blocking().remainingNanos();
      if (remaining == 0
          || settings.intake().isStopped()
          || Thread.currentThread().isInterrupted()) {
        // Where outcomes wait for the commit the model is slow, not stuck.
        if (!settings.blocking().hasForwarded()) {
          settings.gauge().overflowed();
        }
        return;
      }
      // In slices, so that a shutdown is noticed.
      long slice = Math.min(remaining, Duration.ofMillis(100).toNanos());
      settings.blocking().spend(now.window.awaitHead(slice));
      forwardSettled(now);
    }
  }

  private void forwardSettled(Life<R> now) {
    Optional<InFlight<R>> head = now.window.settledHead();
    while (head.isPresent()) {
      forward(now, head.get());
      head = now.window.settledHead();
    }
  }

  private void forward(Life<R> now, InFlight<R> record) {
    R outcome = record.outcome().orElseThrow();
    inTraceOf(record, () -> outputs.apply(outcome).forEach(output -> send(now, record, output)));
    now.window.removeHead();
    hold(record.partition()).removeLowest(record.offset());
    settings.blocking().forwarded();
    settings.gauge().forwarded(record.sizeInBytes());
    now.gauges.forEach(gauge -> gauge.show(now.window));
    whenForwarded.accept(outcome);
  }

  private void send(Life<R> now, InFlight<R> record, Output output) {
    Headers headers =
        output.keepsHeaders() ? record.headers() : TraceHeaders.alone(record.headers());
    now.context.forward(
        new Record<>(output.key().orElse(null), output.value(), record.timestamp(), headers),
        output.sink());
  }

  /**
   * An agent that traces takes a record that is sent for a part of what is current, and writes that
   * into its headers. Left alone, that would be nothing in a punctuator, and in {@link #process}
   * another input. The producer sends on this thread.
   */
  private void inTraceOf(InFlight<R> record, Runnable sending) {
    settings
        .traces()
        .extract(Context.root(), record.headers(), TraceHeaders.GETTER)
        .wrap(sending)
        .run();
  }

  private void arm(Life<R> now) {
    if (now.punctuator.isEmpty()) {
      now.punctuator =
          Optional.of(
              now.context.schedule(
                  PUNCTUATION, PunctuationType.WALL_CLOCK_TIME, time -> punctuate(now)));
    }
  }

  private void punctuate(Life<R> now) {
    forwardSettled(now);
    if (now.window.isEmpty()) {
      now.punctuator.ifPresent(Cancellable::cancel);
      now.punctuator = Optional.empty();
    }
  }

  private OffsetLedger.Hold hold(TopicPartition partition) {
    OffsetLedger.Hold hold = holds.get(partition);
    if (hold == null) {
      throw new IllegalStateException(
          "A record of " + partition + " reached a processor of " + settings.inputTopics());
    }
    return hold;
  }

  @Override
  public void close() {
    end();
  }

  private void end() {
    life.ifPresent(
        ending -> {
          ending.punctuator.ifPresent(Cancellable::cancel);
          int dropped = ending.window.size();
          settings
              .gauge()
              .dropped(dropped, dropped - ending.notStarted, ending.window.sizeInBytes());
          ending.gauges.forEach(settings.gauge()::closed);
          ending.window.close();
          ending.lane.close();
        });
    life = Optional.empty();
  }
}
