package io.blipstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Samples;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class RecordSerdesTest {

  @Test
  void shouldMakeOursUnlessAnotherIsNamed() {
    Map<String, Object> config = Map.of(RegistrySettings.URL, "mock://factory");
    try (Serde<Caption> serde = RecordSerdes.create(Caption.class, config, false)) {
      assertThat(serde).isInstanceOf(RegistryAvroSerde.class);
      byte[] bytes = serde.serializer().serialize("captions", Samples.caption());
      assertThat(serde.deserializer().deserialize("captions", bytes)).isEqualTo(Samples.caption());
    }
  }

  @Test
  void shouldMakeTheNamedSerdeAndConfigureItForGeneratedRecords() {
    Map<String, Object> config =
        Map.of(RecordSerdes.SERDE_CLASS, NamedSerde.class.getName(), "their.setting", "7");
    Serde<Caption> serde = RecordSerdes.create(Caption.class, config, true);
    assertThat(serde).isInstanceOf(NamedSerde.class);
    assertThat(((NamedSerde) serde).config())
        .containsEntry("specific.avro.reader", true)
        .containsEntry("their.setting", "7")
        .containsEntry("specific.avro.key.type", Caption.class);
  }

  @Test
  void shouldSayWhyANamedSerdeCannotBeUsed() {
    assertThatThrownBy(() -> create("com.example.Missing"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("com.example.Missing")
        .hasMessageContaining("class path");
    assertThatThrownBy(() -> create("java.lang.String"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no Serde");
    assertThatThrownBy(() -> create(Unmakeable.class.getName()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("constructor without arguments");
  }

  private static void create(String named) {
    RecordSerdes.create(Caption.class, Map.of(RecordSerdes.SERDE_CLASS, named), false);
  }

  /** A serde as a user may bring one. */
  public static class NamedSerde implements Serde<Caption> {
    private Map<String, ?> config = Map.of();

    @Override
    public void configure(Map<String, ?> config, boolean isKey) {
      this.config = config;
    }

    Map<String, Object> config() {
      return Map.copyOf(config);
    }

    @Override
    public Serializer<Caption> serializer() {
      return (topic, data) -> new byte[0];
    }

    @Override
    public Deserializer<Caption> deserializer() {
      return (topic, data) -> Samples.caption();
    }
  }

  /** A serde that cannot be made by name. */
  public static class Unmakeable extends NamedSerde {
    public Unmakeable(int argument) {
      assertThat(argument).isPositive();
    }
  }
}
