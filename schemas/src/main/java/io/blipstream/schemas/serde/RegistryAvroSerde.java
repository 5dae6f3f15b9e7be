package io.blipstream.schemas.serde;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A record's serializer and deserializer in Confluent's wire format.
 *
 * @param <T> the record
 */
public final class RegistryAvroSerde<T extends SpecificRecord> implements Serde<T> {

  private final RegistryAvroSerializer<T> serializer;
  private final RegistryAvroDeserializer<T> deserializer;

  /**
   * A serde for Kafka to make by name; its configuration must name the record class in {@value
   * RegistryAvroDeserializer#VALUE_TYPE}.
   */
  public RegistryAvroSerde() {
    this.serializer = new RegistryAvroSerializer<>();
    this.deserializer = new RegistryAvroDeserializer<>();
  }

  /** A serde of values, ready for use, with one connection to the registry. */
  public RegistryAvroSerde(Class<T> type, RegistrySettings settings) {
    RegistryClient registry = new RegistryClient(settings);
    this.serializer = new RegistryAvroSerializer<>(settings, registry, false);
    this.deserializer = new RegistryAvroDeserializer<>(type, registry);
  }

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    serializer.configure(config, isKey);
    deserializer.configure(config, isKey);
  }

  @Override
  public void close() {
    serializer.close();
    deserializer.close();
  }

  @Override
  public Serializer<T> serializer() {
    return serializer;
  }

  @Override
  public Deserializer<T> deserializer() {
    return deserializer;
  }
}
