package io.blipstream.app.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.CommittedRecords;
import io.blipstream.app.TestCluster;
import io.blipstream.app.cli.SoakCheck;
import io.blipstream.app.cli.soak.Findings;
import io.blipstream.app.cli.soak.Guarantee;
import io.blipstream.app.cli.soak.SoakEvents;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.serde.RecordSerdes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * The topics of one test: fills the input with images and other things, and compares what comes out
 * with what must come of each.
 */
final class TestedStream implements AutoCloseable {

  static final int PARTITIONS = 4;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final ContainerCluster cluster;
  private final String application;
  private final TopicNames topics;
  private final SoakEvents events;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serde<ImageEvent> serde;
  private final AtomicLong sent = new AtomicLong();

  /**
   * A stream on which the service has the rights that it has where it is deployed.
   *
   * @param name of the application, and the start of its topics' names
   */
  TestedStream(ContainerCluster cluster, String name)
      throws IOException, InterruptedException, ExecutionException {
    this(cluster, name, Right.ofService());
  }

  TestedStream(ContainerCluster cluster, String name, List<Right> rights)
      throws InterruptedException, ExecutionException {
    this.cluster = cluster;
    this.application = name;
    this.topics =
        new TopicNames(
            name + "-images", name + "-captions", name + "-confidences", name + "-rejects");
    this.events = new SoakEvents(name.hashCode());
    cluster.createTopics(topics, PARTITIONS, application, rights);
    Map<String, Object> settings = new HashMap<>(cluster.kafka());
    // On a topic made a moment ago a broker may refuse a first batch and take the second.
    settings.put("max.in.flight.requests.per.connection", 1);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    this.serde = RecordSerdes.create(ImageEvent.class, cluster.registry(), false);
  }

  TopicNames topics() {
    return topics;
  }

  /** The flags of a service on these topics. */
  List<String> flags() {
    return List.of(
        "run",
        "--application-id=" + application,
        "--topic-images=" + topics.images(),
        "--topic-captions=" + topics.captions(),
        "--topic-itm-confidence=" + topics.itmConfidence(),
        "--topic-rejects=" + topics.rejects(),
        "--transaction-timeout-ms=8000",
        "-Xconsumer.session.timeout.ms=6000",
        "-Xconsumer.heartbeat.interval.ms=1000");
  }

  /**
   * The same with a model that gives the answers the stream expects, at about 75 images a second,
   * so that there is always work to interrupt.
   */
  String[] simulatedFlags(String... more) {
    List<String> flags = new ArrayList<>(flags());
    flags.addAll(
        List.of(
            "--engine=simulated",
            "--engine-seed=" + events.answers().seed(),
            "--fail-rate=" + events.answers().failRate(),
            "--image-side=32",
            "--batch-size=8",
            "--batch-millis=100",
            "--item-millis=1"));
    flags.addAll(List.of(more));
    return flags.toArray(String[]::new);
  }

  /** Sends the next inputs of the stream's own, good and bad ones. */
  void send(int count) {
    for (int i = 0; i < count; i++) {
      SoakEvents.Sent input = events.input(sent.get());
      byte[] value =
          input instanceof SoakEvents.Sent.Unreadable unreadable
              ? unreadable.value().orElse(null)
              : serialized(((SoakEvents.Sent.Event) input).event());
      send(input.id(), value);
    }
    producer.flush();
  }

  /** Sends an event of the test's own. */
  void send(ImageEvent event) {
    send(event.getId(), serialized(event));
    producer.flush();
  }

  private byte[] serialized(ImageEvent event) {
    return serde.serializer().serialize(topics.images(), event);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
  private void send(String id, byte[] value) {
    producer.send(
        new ProducerRecord<>(topics.images(), id.getBytes(UTF_8), value),
        (metadata, failure) -> assertThat(failure).as("sending " + id).isNull());
    sent.incrementAndGet();
  }

  /** How many inputs were sent. */
  long sent() {
    return sent.get();
  }

  /** How many inputs the service is done with. */
  long committed() {
    try (Admin admin = cluster.admin()) {
      return TestCluster.committed(admin, application);
    }
  }

  void awaitCommitted(long count) throws Exception {
    await(count + " inputs are committed", () -> committed() >= count);
  }

  void awaitAllCommitted() throws Exception {
    awaitCommitted(sent.get());
  }

  /** Waits until partitions are divided among so many containers, none without. */
  void awaitOwners(int count) throws Exception {
    await(count + " containers have partitions", () -> owners() == count);
  }

  private long owners() throws InterruptedException, ExecutionException {
    try (Admin admin = cluster.admin()) {
      ConsumerGroupDescription group =
          admin.describeConsumerGroups(List.of(application)).all().get().get(application);
      long assigned =
          group.members().stream().mapToLong(m -> m.assignment().topicPartitions().size()).sum();
      return assigned < PARTITIONS
          ? 0
          : group.members().stream()
              .filter(member -> !member.assignment().topicPartitions().isEmpty())
              .map(MemberDescription::host)
              .distinct()
              .count();
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited in vain until " + what).isLessThan(deadline);
      Thread.sleep(LOOK_EVERY.toMillis());
    }
  }

  /** What the oracle says of all that was sent and all that came; the service must have stopped. */
  Findings findings() throws InterruptedException, ExecutionException {
    return new SoakCheck(
            cluster.kafka(),
            cluster.registry(),
            topics,
            application,
            Guarantee.EXACTLY_ONCE,
            events)
        .findings(sent.get());
  }

  /** The committed records of an output topic. */
  <T extends SpecificRecord> List<T> records(String topic, Class<T> type) {
    return CommittedRecords.of(cluster.kafka(), cluster.registry(), topic, type).stream()
        .map(ConsumerRecord::value)
        .toList();
  }

  @Override
  public void close() {
    producer.close();
    serde.close();
  }
}
