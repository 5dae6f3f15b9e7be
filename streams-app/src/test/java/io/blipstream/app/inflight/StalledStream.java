package io.blipstream.app.inflight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** A stream with nothing but the window: its first records are answered, the rest at a signal. */
final class StalledStream implements AutoCloseable {

  static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(5);
  static final int ANSWERED_AT_ONCE = 5;

  final AtomicInteger lives = new AtomicInteger();
  final Queue<Long> started = new ConcurrentLinkedQueue<>();
  final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  final InFlightGauge gauge = new InFlightGauge();
  private final CompletableFuture<Void> signal = new CompletableFuture<>();
  private final KafkaStreams streams;

  /** How a stream is put together around its window, which forwards to the node {@code out}. */
  interface Shape {

    Topology topology(String name, ProcessorSupplier<byte[], byte[], byte[], byte[]> window);

    /** The topic that the window reads. */
    default String input(String name) {
      return name;
    }
  }

  /**
   * What a stream has of its own.
   *
   * @param windowRecords bound of the window
   * @param windowBytes likewise
   * @param ticks whether a punctuator fires all the time, as one would that is never cancelled
   * @param commitInterval how long it waits for room while outcomes wait for their commit
   * @param clients wraps those that hold offsets
   * @param settings of Kafka Streams, above those that all have
   */
  record Variant(
      Shape shape,
      int windowRecords,
      long windowBytes,
      boolean ticks,
      Duration commitInterval,
      UnaryOperator<KafkaClientSupplier> clients,
      Map<String, Object> settings) {

    /** As the service is. */
    static final Variant PLAIN =
        new Variant(
            StalledStream::plain,
            8,
            1 << 20,
            false,
            Duration.ofMillis(100),
            UnaryOperator.identity(),
            Map.of());

    Variant of(Shape other) {
      return new Variant(
          other, windowRecords, windowBytes, ticks, commitInterval, clients, settings);
    }

    Variant bounded(int records, long bytes) {
      return new Variant(shape, records, bytes, ticks, commitInterval, clients, settings);
    }

    /** One whose outcomes may wait as long as their thread waits for room. */
    Variant lettingOutcomesWait() {
      return new Variant(
          shape, windowRecords, windowBytes, ticks, Duration.ofDays(1), clients, settings);
    }

    Variant ticking() {
      return new Variant(
          shape, windowRecords, windowBytes, true, commitInterval, clients, settings);
    }

    Variant withoutHoldingDeletions() {
      return with(PurgingClients::new);
    }

    /** One whose producers send every commit that Kafka Streams makes, as it makes it. */
    Variant withPlainProducers() {
      return with(PlainProducers::new);
    }

    private Variant with(UnaryOperator<KafkaClientSupplier> others) {
      return new Variant(
          shape, windowRecords, windowBytes, ticks, commitInterval, others, settings);
    }

    Variant with(Map<String, Object> more) {
      Map<String, Object> all = new HashMap<>(settings);
      all.putAll(more);
      return new Variant(shape, windowRecords, windowBytes, ticks, commitInterval, clients, all);
    }
  }

  /** A source of bytes, the window, a sink. */
  static Topology plain(String name, ProcessorSupplier<byte[], byte[], byte[], byte[]> window) {
    return new Topology()
        .addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), name)
        .addProcessor("window", window, "in")
        .addSink(
            "out", name + "-out", new ByteArraySerializer(), new ByteArraySerializer(), "window");
  }

  StalledStream(String bootstrap, String name, Path state, Duration block, Variant variant) {
    OffsetLedger ledger = new OffsetLedger();
    BlockingBudget blocking = new BlockingBudget(block, variant.commitInterval());
    Intake intake = new Intake();
    var settings =
        new InFlightSettings(
            Set.of(variant.shape().input(name)),
            variant.windowRecords(),
            new ByteBudget(variant.windowBytes()),
            ledger,
            blocking,
            intake,
            gauge,
            TextMapPropagator.noop());
    Topology topology = variant.shape().topology(name, () -> processor(settings, variant.ticks()));
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            StreamsConfig.APPLICATION_ID_CONFIG,
            name,
            StreamsConfig.STATE_DIR_CONFIG,
            state.toString(),
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.producerPrefix("transaction.timeout.ms"),
            (int) TRANSACTION_TIMEOUT.toMillis(),
            StreamsConfig.consumerPrefix("auto.offset.reset"),
            "earliest"));
    properties.putAll(variant.settings());
    var held =
        new HeldOffsetClientSupplier(
            new DefaultKafkaClientSupplier(), ledger, blocking, intake, 1 << 20, 1_000);
    streams = new KafkaStreams(topology, properties, variant.clients().apply(held));
    streams.setUncaughtExceptionHandler(
        failure -> {
          failures.add(failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
  }

  /** Gives an admin client that purges what it is told to, whoever holds it. */
  private static final class PurgingClients extends DefaultKafkaClientSupplier {

    private final KafkaClientSupplier others;

    PurgingClients(KafkaClientSupplier others) {
      this.others = others;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return others.getProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return others.getConsumer(config);
    }
  }

  /** Gives producers that nobody wraps. */
  private static final class PlainProducers extends DefaultKafkaClientSupplier {

    private final KafkaClientSupplier others;

    PlainProducers(KafkaClientSupplier others) {
      this.others = others;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return others.getAdmin(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return others.getConsumer(config);
    }
  }

  static void createAndFill(String bootstrap, String name, int records) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      Topics.createMissing(
          admin,
          List.of(
              new TopicSpec(name, 1, TopicSpec.TEXT_BYTES),
              new TopicSpec(name + "-out", 1, TopicSpec.TEXT_BYTES)));
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      values.add("record " + i);
    }
    send(bootstrap, name, values);
  }

  static void send(String bootstrap, String topic, List<String> values) throws Exception {
    try (var producer = TestCluster.producer(bootstrap)) {
      List<Future<?>> sent = new ArrayList<>();
      for (String value : values) {
        sent.add(producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))));
      }
      for (Future<?> one : sent) {
        one.get();
      }
    }
  }

  private Processor<byte[], byte[], byte[], byte[]> processor(
      InFlightSettings settings, boolean ticks) {
    var window =
        new InFlightProcessor<>(
            settings,
            this::open,
            outcome -> List.of(new Output("out", Optional.empty(), outcome, true)),
            outcome -> {});
    return new Processor<>() {
      @Override
      public void init(ProcessorContext<byte[], byte[]> context) {
        window.init(context);
        if (ticks) {
          context.schedule(Duration.ofMillis(10), PunctuationType.WALL_CLOCK_TIME, time -> {});
        }
      }

      @Override
      public void process(Record<byte[], byte[]> record) {
        window.process(record);
      }

      @Override
      public void close() {
        window.close();
      }
    };
  }

  private InFlightStage.Lane<byte[]> open(TaskId task) {
    lives.incrementAndGet();
    return new InFlightStage.Lane<>() {
      @Override
      public void start(InFlight<byte[]> record) {
        started.add(record.offset());
        byte[] outcome = record.value().orElseThrow();
        if (record.offset() < ANSWERED_AT_ONCE) {
          record.complete(outcome);
        } else {
          var unused = signal.thenRun(() -> record.complete(outcome));
        }
      }

      @Override
      public void close() {}
    };
  }

  void goOn() {
    signal.complete(null);
  }

  /** Stops it while it waits: what is in flight gets no outcome. Its successor need not wait. */
  void stop() {
    boolean stopped =
        streams.close(
            CloseOptions.timeout(Duration.ofSeconds(60))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    assertThat(stopped).as("it stopped in time").isTrue();
  }

  @Override
  public void close() {
    signal.complete(null);
    streams.close(Duration.ofSeconds(20));
  }
}
