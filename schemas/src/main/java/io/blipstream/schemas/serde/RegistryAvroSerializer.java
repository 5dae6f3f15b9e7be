package io.blipstream.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes generated records in Confluent's wire format. Safe for use by several threads. The
 * registry is asked once for each topic and schema.
 *
 * @param <T> the record it writes
 */
public final class RegistryAvroSerializer<T extends SpecificRecord> implements Serializer<T> {

  static {
    TrustedRecords.trust();
  }

  private record Written(String topic, Schema schema) {}

  /** How a schema is written to a topic; making the writer looks its class up by reflection. */
  private record Writing<T>(int id, DatumWriter<T> writer) {}

  private final Map<Written, Writing<T>> writings = new ConcurrentHashMap<>();
  private Registration registration;

  /** A serializer that must be configured before use. */
  public RegistryAvroSerializer() {}

  /** A serializer of values, ready for use. */
  public RegistryAvroSerializer(RegistrySettings settings) {
    this(settings, new RegistryClient(settings), false);
  }

  RegistryAvroSerializer(RegistrySettings settings, RegistryClient registry, boolean isKey) {
    this.registration = new Registration(settings, registry, isKey);
  }

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    close();
    RegistrySettings settings = RegistrySettings.from(config);
    registration = new Registration(settings, new RegistryClient(settings), isKey);
  }

  /**
   * Writes a record; a null record gives null, Kafka's tombstone.
   *
   * @throws SchemaRefusedException when the registry does not accept the record's schema
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  @Override
  public byte[] serialize(String topic, T data) {
    if (data == null) {
      return null;
    }
    if (registration == null) {
      throw new IllegalStateException("Configure the serializer before its first use.");
    }
    Schema schema = data.getSchema();
    Writing<T> writing =
        writings.computeIfAbsent(
            new Written(topic, schema),
            written ->
                new Writing<>(
                    registration.idOf(topic, schema),
                    new SpecificDatumWriter<>(schema, SpecificData.getForSchema(schema))));
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    WireFormat.writeHeader(out, writing.id());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writing.writer().write(data, encoder);
      encoder.flush();
    } catch (IOException | AvroRuntimeException | NullPointerException | ClassCastException e) {
      throw new SerializationException(
          "The " + schema.getFullName() + " for topic " + topic + " lacks a required field.", e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    if (registration != null) {
      registration.registry().close();
    }
  }

  private record Registration(RegistrySettings settings, RegistryClient registry, boolean isKey) {
    int idOf(String topic, Schema schema) {
      String subject = RegistrySettings.subject(topic, isKey);
      return settings.autoRegister()
          ? registry.register(subject, schema)
          : registry.idOf(subject, schema);
    }
  }
}
