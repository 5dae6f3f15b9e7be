package io.blipstream.schemas.serde;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;

/**
 * Makes the serde that a configuration asks for: ours over the registry, or another Kafka serde
 * named by its class.
 */
public final class RecordSerdes {

  /** Class of the serde of our records; it needs a constructor without arguments. */
  public static final String SERDE_CLASS = "blipstream.serde.class";

  private RecordSerdes() {}

  /**
   * Makes and configures a serde. A serde of another class is configured with the same map and, so
   * that Confluent's give the generated class and no generic record, {@code
   * specific.avro.reader=true} and {@code specific.avro.value.type}.
   *
   * @throws ConfigException when the class cannot be found, is no serde, or refuses its settings
   */
  public static <T extends SpecificRecord> Serde<T> create(
      Class<T> type, Map<String, ?> config, boolean isKey) {
    TrustedRecords.trust();
    Map<String, Object> full = new HashMap<>(config);
    full.putIfAbsent("specific.avro.reader", true);
    full.put(isKey ? RegistryAvroDeserializer.KEY_TYPE : RegistryAvroDeserializer.VALUE_TYPE, type);
    Serde<T> serde = instance(config);
    serde.configure(full, isKey);
    return serde;
  }

  /** Whether a configuration asks for another serde than ours. */
  public static boolean isForeign(Map<String, ?> config) {
    Object named = config.get(SERDE_CLASS);
    return named != null && !String.valueOf(named).isBlank();
  }

  private static <T extends SpecificRecord> Serde<T> instance(Map<String, ?> config) {
    if (!isForeign(config)) {
      return new RegistryAvroSerde<>();
    }
    Object named = config.get(SERDE_CLASS);
    try {
      Class<?> found = named instanceof Class<?> already ? already : load(String.valueOf(named));
      @SuppressWarnings("unchecked") // what a serde makes is only known when it runs
      Serde<T> serde =
          (Serde<T>) found.asSubclass(Serde.class).getDeclaredConstructor().newInstance();
      return serde;
    } catch (ClassNotFoundException e) {
      throw new ConfigException(
          SERDE_CLASS + " names " + named + ", which is not on the class path: add its jar.");
    } catch (ClassCastException e) {
      throw new ConfigException(
          SERDE_CLASS + " names " + named + ", which is no Serde of Apache Kafka.");
    } catch (ReflectiveOperationException e) {
      throw new ConfigException(
          SERDE_CLASS
              + " names "
              + named
              + ", which cannot be made by a public constructor without arguments: "
              + (e.getCause() == null ? e : e.getCause()));
    }
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return Class.forName(
        name.strip(), true, context == null ? RecordSerdes.class.getClassLoader() : context);
  }
}
