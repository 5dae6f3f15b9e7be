package io.blipstream.app.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.config.StreamsProperties;
import io.blipstream.app.config.TopicNames;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.model.CapFilt;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.serde.RecordSerdes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The whole stream in a test driver, with a scripted model and a mock registry of its own. */
final class StreamFixture implements AutoCloseable {

  private static final AtomicInteger SCOPES = new AtomicInteger();
  private static final TopicNames TOPICS = TopicNames.DEFAULT;

  /** Without end: the driver does not commit by itself, so nothing would renew the wait. */
  private static final Duration COMMIT_INTERVAL = Duration.ofDays(1);

  /** All that was written, by topic, in order. */
  record Written(
      List<TestRecord<String, Caption>> captions,
      List<TestRecord<String, ItmConfidence>> confidences,
      List<TestRecord<String, Reject>> rejects) {}

  final List<ImageOutcome> outcomes = new ArrayList<>();
  private final Map<String, Object> registry =
      Map.of("schema.registry.url", "mock://stream-" + SCOPES.incrementAndGet());
  private final CapFiltAssembly assembly;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> images;
  private final Serde<ImageEvent> events = serde(ImageEvent.class);
  private final Written written =
      new Written(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  private long sent;

  StreamFixture() {
    this(
        Map.of(),
        uri -> {
          throw new IllegalStateException("No link was expected");
        });
  }

  StreamFixture(Map<String, ?> overrides, ImageFetcher fetcher) {
    this(overrides, fetcher, new ScriptedCapFilt());
  }

  StreamFixture(Map<String, ?> overrides, ImageFetcher fetcher, CapFilt model) {
    Map<String, Object> settings = new HashMap<>(Map.of("batch.size", 4, "decode.threads", 2));
    settings.putAll(overrides);
    ServiceSettings service = ServiceSettings.of(settings, registry, Map.of());
    assembly = new CapFiltAssembly(service, COMMIT_INTERVAL, model, fetcher, outcomes::add);
    Properties properties = StreamsProperties.of(service);
    driver = new TopologyTestDriver(assembly.topology(), properties);
    images =
        driver.createInputTopic(
            TOPICS.images(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return RecordSerdes.create(type, registry, false);
  }

  static ImageEvent.Builder event(String id, String content) {
    return ImageEvent.newBuilder().setId(id).setContent(ByteBuffer.wrap(content.getBytes(UTF_8)));
  }

  StreamFixture send(ImageEvent.Builder event) {
    ImageEvent built = event.build();
    return sendRaw(
        built.getId().getBytes(UTF_8), events.serializer().serialize(TOPICS.images(), built));
  }

  StreamFixture sendRaw(byte[] key, byte[] value) {
    return sendRaw(key, value, new RecordHeaders());
  }

  StreamFixture sendRaw(byte[] key, byte[] value, Headers headers) {
    images.pipeInput(new TestRecord<>(key, value, headers, Instant.ofEpochMilli(1000 + sent)));
    sent++;
    return this;
  }

  byte[] serialized(ImageEvent event) {
    return events.serializer().serialize(TOPICS.images(), event);
  }

  /** Waits until every input has its outcome, then gives all that was written. */
  Written results() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (assembly.counts().images() < sent) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Only " + assembly.counts() + " of " + sent + " have an outcome");
      }
      driver.advanceWallClockTime(Duration.ofMillis(10));
      Thread.sleep(1);
    }
    drain();
    return written;
  }

  OutcomeCounts counts() {
    return assembly.counts();
  }

  private void drain() {
    Serde<Caption> captions = serde(Caption.class);
    Serde<ItmConfidence> confidences = serde(ItmConfidence.class);
    Serde<Reject> rejects = serde(Reject.class);
    written.captions().addAll(read(TOPICS.captions(), captions));
    written.confidences().addAll(read(TOPICS.itmConfidence(), confidences));
    written.rejects().addAll(read(TOPICS.rejects(), rejects));
  }

  private <T> List<TestRecord<String, T>> read(String topic, Serde<T> serde) {
    TestOutputTopic<byte[], T> output =
        driver.createOutputTopic(topic, new ByteArrayDeserializer(), serde.deserializer());
    List<TestRecord<String, T>> records = new ArrayList<>();
    for (TestRecord<byte[], T> record : output.readRecordsToList()) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      records.add(new TestRecord<>(key, record.value(), record.headers(), record.timestamp()));
    }
    return records;
  }

  @Override
  public void close() {
    driver.close();
    assembly.close(Duration.ofSeconds(10));
    events.close();
  }
}
