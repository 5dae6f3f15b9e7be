package io.blipstream.schemas.serde;

import io.blipstream.schemas.serde.BodyCheck.MalformedBodyException;
import io.blipstream.schemas.serde.UnreadableRecordException.Reason;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads generated records in Confluent's wire format, whatever version of their schema wrote them.
 * Safe for use by several threads. The registry is asked once for each schema id.
 *
 * <p>It fails in two ways only: {@link UnreadableRecordException} for a message that will never be
 * readable, {@link RegistryUnavailableException} when it could not find out.
 *
 * @param <T> the record it reads
 */
public final class RegistryAvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

  /** Confluent's name for the class of the values; needed by the constructor without arguments. */
  public static final String VALUE_TYPE = "specific.avro.value.type";

  /** Confluent's name for the class of the keys. */
  public static final String KEY_TYPE = "specific.avro.key.type";

  static {
    TrustedRecords.trust();
  }

  private record Reader<T>(Schema writer, DatumReader<T> datum) {}

  private final Map<Integer, Reader<T>> readers = new ConcurrentHashMap<>();
  private Class<T> type;
  private RegistryClient registry;

  /** A deserializer that must be configured before use, with the class of its records. */
  public RegistryAvroDeserializer() {}

  /** A deserializer that must be configured before use. */
  public RegistryAvroDeserializer(Class<T> type) {
    this.type = type;
  }

  /** A deserializer ready for use. */
  public RegistryAvroDeserializer(Class<T> type, RegistrySettings settings) {
    this(type, new RegistryClient(settings));
  }

  RegistryAvroDeserializer(Class<T> type, RegistryClient registry) {
    this.type = type;
    this.registry = registry;
  }

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    close();
    if (type == null) {
      type = typeFrom(config.get(isKey ? KEY_TYPE : VALUE_TYPE), isKey ? KEY_TYPE : VALUE_TYPE);
    }
    readers.clear();
    registry = new RegistryClient(RegistrySettings.from(config));
  }

  /**
   * Reads a message; null gives null, Kafka's tombstone.
   *
   * @throws UnreadableRecordException when the message can never be read
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  @Override
  public T deserialize(String topic, byte[] data) {
    if (data == null) {
      return null;
    }
    if (registry == null) {
      throw new IllegalStateException("Configure the deserializer before its first use.");
    }
    int id = WireFormat.schemaId(data);
    Reader<T> reader = readers.computeIfAbsent(id, this::reader);
    try {
      BodyCheck.check(reader.writer(), data, WireFormat.HEADER_BYTES);
    } catch (MalformedBodyException e) {
      throw new UnreadableRecordException(
          Reason.NOT_AVRO,
          "The message does not follow schema id " + id + ": " + e.getMessage() + ".",
          e);
    }
    int length = data.length - WireFormat.HEADER_BYTES;
    try {
      return reader
          .datum()
          .read(
              null,
              DecoderFactory.get().binaryDecoder(data, WireFormat.HEADER_BYTES, length, null));
    } catch (IOException | RuntimeException e) {
      // The bytes follow their own schema, so it is the resolution to ours that failed.
      throw new UnreadableRecordException(
          Reason.INCOMPATIBLE_SCHEMA,
          "The message follows schema id "
              + id
              + " ("
              + reader.writer().getFullName()
              + "), which cannot be read as "
              + type.getName()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }

  private Reader<T> reader(int id) {
    Schema writer = registry.byId(id);
    SpecificData model = SpecificData.getForClass(type);
    Schema reader = model.getSchema(type);
    // A class that Avro will not make is our mistake: it must not pass for unreadable input below.
    if (model.getClass(reader) != type) {
      throw new IllegalStateException("Avro does not make " + type + " for its own schema.");
    }
    return new Reader<>(writer, new SpecificDatumReader<>(writer, reader, model));
  }

  @SuppressWarnings("unchecked") // checked by asSubclass
  private Class<T> typeFrom(Object value, String key) {
    if (value == null) {
      throw new ConfigException(
          "Name the record class in " + key + ", such as io.blipstream.schemas.Caption.");
    }
    try {
      Class<?> named =
          value instanceof Class<?> already ? already : Class.forName(String.valueOf(value));
      return (Class<T>) named.asSubclass(SpecificRecord.class);
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new ConfigException(key + " names " + value + ", which is no generated Avro record.");
    }
  }
}
