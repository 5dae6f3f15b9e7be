package io.blipstream.app.cli;

import io.blipstream.schemas.serde.RecordSerdes;
import io.blipstream.schemas.serde.RegistrySettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import picocli.CommandLine.Option;

/**
 * Where Kafka and the schema registry are and how to speak to them. What is said more closely to
 * the command wins: flags, then {@code -X}, then {@code KAFKA_…} variables, then the file.
 */
final class KafkaOptions {

  private static final String DEFAULT_BOOTSTRAP = "localhost:9092";
  private static final String DEFAULT_REGISTRY = "http://localhost:8081";

  /** Starts of the keys that are the schema registry client's. */
  private static final List<String> REGISTRY_KEYS =
      List.of(
          "schema.registry.",
          "basic.auth.",
          "bearer.auth.",
          "auto.register.schemas",
          "normalize.schemas",
          "use.latest.version",
          "request.header.",
          "http.connect.timeout.ms",
          "http.read.timeout.ms",
          RecordSerdes.SERDE_CLASS);

  private static final List<String> CLIENT_PREFIXES =
      List.of("consumer.", "main.consumer.", "restore.consumer.", "producer.", "admin.");

  private final Map<String, String> environment;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "Kafka brokers to ask first (default: " + DEFAULT_BOOTSTRAP + ").")
  private String bootstrapServers;

  @Option(
      names = "--schema-registry-url",
      paramLabel = "URL",
      description = "Schema registry that knows the records (default: " + DEFAULT_REGISTRY + ").")
  private String schemaRegistryUrl;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "Properties file with settings of Kafka clients and of the registry's client, such as"
              + " security.protocol or basic.auth.user.info.")
  private Path file;

  @Option(
      names = "-X",
      paramLabel = "KEY=VALUE",
      description =
          "One such setting; above the file and above variables such as KAFKA_SECURITY_PROTOCOL.")
  private Map<String, String> settings = new LinkedHashMap<>();

  KafkaOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Kafka's settings, {@code bootstrap.servers} among them. */
  Map<String, Object> kafka() {
    Map<String, Object> kafka = new TreeMap<>();
    kafka.put("bootstrap.servers", DEFAULT_BOOTSTRAP);
    all().forEach((key, value) -> put(kafka, !isRegistryKey(key), key, value));
    put(kafka, bootstrapServers != null, "bootstrap.servers", bootstrapServers);
    return kafka;
  }

  /** The registry's and the serde's settings, {@code schema.registry.url} among them. */
  Map<String, Object> registry() {
    Map<String, Object> registry = new TreeMap<>();
    registry.put(RegistrySettings.URL, DEFAULT_REGISTRY);
    all().forEach((key, value) -> put(registry, isRegistryKey(key), key, value));
    put(registry, schemaRegistryUrl != null, RegistrySettings.URL, schemaRegistryUrl);
    return registry;
  }

  private Map<String, String> all() {
    Map<String, String> all = new TreeMap<>(fromFile());
    all.putAll(fromEnvironment());
    all.putAll(settings);
    return all;
  }

  private Map<String, String> fromFile() {
    if (file == null) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE,
          "The file %s of --kafka-config cannot be read: %s".formatted(file, e.getMessage()),
          e);
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }

  /**
   * {@code KAFKA_SECURITY_PROTOCOL} as {@code security.protocol}, for keys that Kafka knows. Others
   * are left alone: Kafka's scripts use {@code KAFKA_OPTS}, and Kubernetes sets {@code KAFKA_PORT}
   * wherever a service is called kafka.
   */
  private Map<String, String> fromEnvironment() {
    Set<String> known = new HashSet<>(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    known.addAll(StreamsConfig.configDef().names());
    Map<String, String> values = new TreeMap<>();
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith("KAFKA_")) {
            String key = variable.substring(6).toLowerCase(Locale.ROOT).replace('_', '.');
            if (isRegistryKey(key) || known.contains(withoutPrefix(key))) {
              values.put(key, value);
            }
          }
        });
    return values;
  }

  private static String withoutPrefix(String key) {
    return CLIENT_PREFIXES.stream()
        .filter(key::startsWith)
        .findFirst()
        .map(prefix -> key.substring(prefix.length()))
        .orElse(key);
  }

  private static boolean isRegistryKey(String key) {
    return REGISTRY_KEYS.stream().anyMatch(key::startsWith);
  }

  private static void put(Map<String, Object> target, boolean wanted, String key, Object value) {
    if (wanted) {
      target.put(key, value);
    }
  }
}
