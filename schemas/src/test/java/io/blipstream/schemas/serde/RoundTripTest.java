package io.blipstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.Samples;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {

  @TempDir Path folder;

  static List<SpecificRecord> records() {
    return Samples.all();
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldGiveBackEveryRecordOverTheMockRegistry(SpecificRecord record) {
    assertRoundTrip(record, "mock://round-trip");
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldGiveBackEveryRecordOverTheEmbeddedRegistry(SpecificRecord record) throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0)) {
      assertRoundTrip(record, registry.url());
    }
  }

  @Test
  void shouldPassTombstonesThrough() {
    try (var serde = new RegistryAvroSerde<>(ImageEvent.class, RegistrySettings.at("mock://t"))) {
      assertThat(serde.serializer().serialize("images", null)).isNull();
      assertThat(serde.deserializer().deserialize("images", (byte[]) null)).isNull();
    }
  }

  @Test
  void shouldWorkByClassNameAsKafkaMakesIt() {
    Map<String, Object> config =
        Map.of(
            RegistrySettings.URL,
            "mock://by-name",
            RegistryAvroDeserializer.VALUE_TYPE,
            ImageEvent.class.getName());
    try (Serde<ImageEvent> serde = new RegistryAvroSerde<>()) {
      serde.configure(config, false);
      byte[] bytes = serde.serializer().serialize("images", Samples.imageEvent());
      assertThat(serde.deserializer().deserialize("images", bytes)).isEqualTo(Samples.imageEvent());
    }
  }

  @Test
  void shouldServeManyThreadsAtOnce() throws Exception {
    var threads = Executors.newFixedThreadPool(8);
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        var serde =
            new RegistryAvroSerde<>(ImageEvent.class, RegistrySettings.at(registry.url()))) {
      List<Callable<Boolean>> work =
          IntStream.range(0, 400)
              .<Callable<Boolean>>mapToObj(i -> () -> survives(serde, i))
              .toList();
      for (var done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean survives(Serde<ImageEvent> serde, int i) {
    byte[] content = new byte[i];
    ImageEvent event =
        ImageEvent.newBuilder().setId("image-" + i).setContent(ByteBuffer.wrap(content)).build();
    byte[] bytes = serde.serializer().serialize("images-" + i % 5, event);
    return event.equals(serde.deserializer().deserialize("images-" + i % 5, bytes));
  }

  @SuppressWarnings("unchecked") // the record's own class
  private static <T extends SpecificRecord> void assertRoundTrip(T record, String url) {
    Class<T> type = (Class<T>) record.getClass();
    try (var serde = new RegistryAvroSerde<>(type, RegistrySettings.at(url))) {
      String topic = type.getSimpleName();
      byte[] bytes = serde.serializer().serialize(topic, record);
      assertThat(serde.deserializer().deserialize(topic, bytes)).isEqualTo(record);
    }
  }
}
