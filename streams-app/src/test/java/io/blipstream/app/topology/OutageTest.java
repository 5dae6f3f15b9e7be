package io.blipstream.app.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.TestCluster;
import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import io.blipstream.schemas.serde.RecordSerdes;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the service leans on goes away while it runs, and comes back. */
@Tag("slow")
@Timeout(600)
class OutageTest {

  /**
   * Longer than the transaction timeout and the session timeout below. What held offsets are for is
   * shown by the control of {@link KillTest}.
   */
  private static final Duration AWAY =
      Duration.ofSeconds(Integer.getInteger("blipstream.test.away.seconds", 10));

  private static final int IMAGES = 200;

  @TempDir private Path folder;
  private EmbeddedBroker broker;
  private EmbeddedRegistry registry;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
  }

  @AfterEach
  void stop() {
    registry.close();
    broker.close();
  }

  private void createTopics(String name, int partitions) throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Topics.createMissing(
          admin,
          Stream.of("images", "captions", "confidences", "rejects")
              .map(topic -> new TopicSpec(name + "-" + topic, partitions, TopicSpec.TEXT_BYTES))
              .toList());
    }
  }

  private CapFiltService service(String name, SlowCapFilt model) {
    return CapFiltService.start(
        ServiceSettings.of(
            TestCluster.serviceSettings(
                broker.bootstrapServers(),
                name,
                folder.resolve(name),
                Map.of("batch.size", 4, "window.records", 32, "transaction.timeout.ms", 8_000)),
            Map.of("schema.registry.url", registry.url()),
            Map.of(
                "consumer.session.timeout.ms", 6_000,
                "consumer.heartbeat.interval.ms", 1_000)),
        () -> model,
        uri -> new byte[0],
        outcome -> {});
  }

  private OutputRecords outputs(String name) {
    return OutputRecords.read(broker.bootstrapServers(), registry.url(), name);
  }

  private int outcomes(String name) {
    return outputs(name).imageOutcomes().size();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until " + what).isLessThan(deadline);
      Thread.sleep(300);
    }
  }

  @Test
  void shouldLoseAndRepeatNothingWhileTheBrokerIsAway() throws Exception {
    createTopics("held", 2);
    SlowCapFilt model = new SlowCapFilt(100, IMAGES / 2);
    try (CapFiltService service = service("held", model)) {
      takeTheBrokerAway("held", model);
      await("all images have an outcome", () -> outcomes("held") >= IMAGES);
      assertThat(service.terminated()).isNotDone();
    }
    List<OutputRecords.Seen> outcomes = outputs("held").imageOutcomes();
    assertThat(outcomes).extracting(OutputRecords.Seen::imageId).doesNotHaveDuplicates();
    assertThat(outcomes).hasSize(IMAGES);
  }

  private void takeTheBrokerAway(String name, SlowCapFilt model) throws Exception {
    OutputRecords.sendImages(
        broker.bootstrapServers(),
        registry.url(),
        name + "-images",
        Collections.nCopies(IMAGES, "IMG web=0.9;synthetic=0.9"));
    await("some images have an outcome", () -> outcomes(name) >= 20);
    String address = broker.bootstrapServers();
    broker.close();
    assertThat(model.judged()).as("the outage falls into the work").isLessThan(IMAGES);
    model.goOn();
    Thread.sleep(AWAY.toMillis());
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    broker = EmbeddedBroker.start(folder.resolve("broker"), port);
  }

  @Test
  void shouldGoOnWithKnownSchemasAndWaitForUnknownOnesWhileTheRegistryIsAway() throws Exception {
    createTopics("registry", 1);
    String topic = "registry-images";
    try (Serde<ImageEvent> events =
            RecordSerdes.create(
                ImageEvent.class, Map.of("schema.registry.url", registry.url()), false);
        var producer = TestCluster.producer(broker.bootstrapServers());
        CapFiltService service = service("registry", new SlowCapFilt(1, IMAGES))) {
      Sender sender =
          (id, bytes) ->
              producer.send(new ProducerRecord<>(topic, id.getBytes(UTF_8), bytes)).get();
      Serializing serializing =
          id ->
              events
                  .serializer()
                  .serialize(
                      topic, StreamFixture.event(id, "IMG web=0.1").setWebText("text").build());
      // Each of the four schemas is met once, and the newer one of events registered by a sender.
      sender.send("first", serializing.bytes("first"));
      await("the first has an outcome", () -> service.counts().images() == 1);
      byte[] newer = eventOfANewerVersion("newer");

      URI address = URI.create(registry.url());
      registry.close();
      sender.send("second", serializing.bytes("second"));
      await("a known schema needs no registry", () -> service.counts().images() == 2);
      sender.send("newer", newer);
      sender.send("behind", serializing.bytes("behind"));
      Thread.sleep(3_000);
      assertThat(service.counts().images()).as("it waits, and is not rejected").isEqualTo(2);
      assertThat(service.terminated()).isNotDone();

      registry = EmbeddedRegistry.start(folder.resolve("registry"), address.getPort());
      await("all go on", () -> service.counts().images() == 4);
      assertThat(service.counts().imageRejects()).isZero();

      // Negative control: of a registry that is there, the same is an unreadable event.
      byte[] unknown = newer.clone();
      ByteBuffer.wrap(unknown).putInt(1, 1_000_000);
      sender.send("unknown", unknown);
      await("it is rejected", () -> service.counts().images() == 5);
      assertThat(service.counts().rejectsByReason()).containsEntry("UNKNOWN_SCHEMA", 1L);
    }
  }

  @FunctionalInterface
  private interface Sender {
    Object send(String id, byte[] bytes) throws Exception;
  }

  @FunctionalInterface
  private interface Serializing {
    byte[] bytes(String id);
  }

  /** In Confluent's wire format, of a version with a field more than ours. */
  private byte[] eventOfANewerVersion(String id) throws Exception {
    ObjectMapper json = new ObjectMapper();
    var grown = (ObjectNode) json.readTree(ImageEvent.getClassSchema().toString());
    grown.withArray("fields").addObject().put("name", "added").put("type", "int").put("default", 7);
    String request = json.createObjectNode().put("schema", grown.toString()).toString();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(registry.url() + "/subjects/registry-images-value/versions"))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .POST(HttpRequest.BodyPublishers.ofString(request))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Schema schema = new Schema.Parser().parse(grown.toString());
    GenericRecord event =
        new GenericRecordBuilder(schema)
            .set("id", id)
            .set("content", ByteBuffer.wrap("IMG".getBytes(UTF_8)))
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.write(
        ByteBuffer.allocate(4).putInt(json.readTree(response.body()).get("id").asInt()).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  /** Answers from a script after a time; so many images, and the rest when it may go on. */
  private static final class SlowCapFilt extends ScriptedCapFilt {

    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final AtomicInteger judged = new AtomicInteger();
    private final long batchMillis;
    private final int before;

    SlowCapFilt(long batchMillis, int before) {
      this.batchMillis = batchMillis;
      this.before = before;
    }

    void goOn() {
      mayGoOn.countDown();
    }

    int judged() {
      return judged.get();
    }

    @Override
    public List<Judgement> judge(List<CapFiltInput> batch) {
      try {
        Thread.sleep(batchMillis);
        if (judged.addAndGet(batch.size()) >= before) {
          mayGoOn.await();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.judge(batch);
    }
  }
}
