package io.blipstream.app.cli;

import io.blipstream.app.broker.TopicSpec;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.serde.RecordSerdes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/** Sends image events, keyed by their id, without duplicates within one life of the sender. */
final class EventSender implements AutoCloseable {

  private static final int DELIVERY_MILLIS = 30_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final Serde<ImageEvent> serde;
  private final String topic;
  private final BiConsumer<String, String> failed;
  private final AtomicLong acknowledged = new AtomicLong();

  /**
   * @param failed told of every event that was not taken: its id and why, on the producer's thread
   */
  EventSender(
      Map<String, Object> kafka,
      Map<String, Object> registry,
      String topic,
      BiConsumer<String, String> failed) {
    this.topic = topic;
    this.failed = failed;
    this.serde = RecordSerdes.create(ImageEvent.class, registry, false);
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicSpec.IMAGE_BYTES);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 20);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * TopicSpec.IMAGE_BYTES);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    // On a topic made a moment ago, a broker may refuse the first request and take the second one:
    // an idempotent producer is then stuck until the delivery timeout.
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS / 3);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
    kafka.forEach(
        (key, value) -> {
          if (ProducerConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Hands over an event; waits only while the buffer is full. */
  void send(ImageEvent event) {
    send(event.getId(), serde.serializer().serialize(topic, event));
  }

  /**
   * Hands over an event; waits only while the buffer is full.
   *
   * @return completed once Kafka has it, or with why it was not taken; {@code failed} is not told
   */
  CompletableFuture<Void> deliver(ImageEvent event) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    byte[] value = serde.serializer().serialize(topic, event);
    send(event.getId(), value, null, taken::completeExceptionally, () -> taken.complete(null));
    return taken;
  }

  /** Hands over an event that was created at a moment, milliseconds since the epoch. */
  void send(ImageEvent event, long created) {
    send(event.getId(), serde.serializer().serialize(topic, event), created);
  }

  /** Hands over any bytes, or none, under an image's id. */
  void send(String id, byte[] value) {
    send(id, value, null);
  }

  private void send(String id, byte[] value, Long created) {
    send(
        id,
        value,
        created,
        failure -> failed.accept(id, "was not taken by Kafka: " + failure.getMessage()),
        () -> {});
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
  private void send(
      String id, byte[] value, Long created, Consumer<Exception> refused, Runnable taken) {
    producer.send(
        new ProducerRecord<>(topic, null, created, id.getBytes(StandardCharsets.UTF_8), value),
        (metadata, failure) -> {
          if (failure == null) {
            acknowledged.incrementAndGet();
            taken.run();
          } else {
            refused.accept(failure);
          }
        });
  }

  /** Returns when every event so far is either acknowledged or reported as failed. */
  void flush() {
    producer.flush();
  }

  long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    producer.close();
    serde.close();
  }
}
