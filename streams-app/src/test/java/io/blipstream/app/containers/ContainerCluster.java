package io.blipstream.app.containers;

import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.app.config.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/**
 * A Kafka broker and a schema registry, each in a container, in one network with the containers of
 * the service; all that the services say is kept, and looked through for secrets.
 */
final class ContainerCluster implements AutoCloseable {

  /** The service's name at the broker and at the registry. */
  static final String USER = "captioner";

  private static final int SCRAM_ITERATIONS = 4096;

  private final Secrets secrets = Secrets.draw();
  private final Network network = Network.newNetwork();
  private final Path folder;
  private final Certificates certificates;
  private final BrokerContainer broker;
  private final RegistryContainer registry;
  private final List<String> logs = Collections.synchronizedList(new ArrayList<>());

  private ContainerCluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.certificates = Certificates.make(folder, secrets.storePassword());
    this.broker = new BrokerContainer(certificates.keys(), secrets.storePassword());
    this.registry =
        new RegistryContainer(
            certificates.keys(), secrets.storePassword(), USER, secrets.registryPassword());
  }

  static ContainerCluster start() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "containers").toAbsolutePath();
    // The service's user in its container is nobody here.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    ContainerCluster cluster = new ContainerCluster(folder);
    try {
      Startables.deepStart(
              cluster.broker.withNetwork(cluster.network),
              cluster.registry.withNetwork(cluster.network))
          .join();
      cluster.addUser();
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  Secrets secrets() {
    return secrets;
  }

  /** How this machine reaches the broker: without credentials, with every right. */
  Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", broker.getBootstrapServers());
  }

  /** How this machine reaches the registry. */
  Map<String, Object> registry() {
    return registry.settings();
  }

  Admin admin() {
    return Admin.create(kafka());
  }

  private void addUser() throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      USER,
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS),
                      secrets.kafkaPassword())))
          .all()
          .get();
    }
  }

  /** Creates a stream's topics, and gives the service these rights on them. */
  void createTopics(TopicNames topics, int partitions, String application, List<Right> rights)
      throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      Topics.createMissing(
          admin,
          topics.all().stream()
              .map(name -> new TopicSpec(name, partitions, TopicSpec.TEXT_BYTES))
              .toList());
      admin
          .createAcls(
              rights.stream().map(right -> right.binding(USER, topics, application)).toList())
          .all()
          .get();
    }
  }

  /** A container of the service with working credentials, given as variables or as a file. */
  ServiceContainer service(Handover handover) {
    Map<String, String> settings = settings();
    return switch (handover) {
      case VARIABLES -> service(variables(settings));
      case FILE -> serviceWithFile(settings);
    };
  }

  /** How a service is told its secrets. */
  enum Handover {
    VARIABLES,
    FILE
  }

  /** What a client in the containers' network needs to be let in. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put("sasl.jaas.config", scram(secrets.kafkaPassword()));
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", inContainer(certificates.authority()));
    settings.put("basic.auth.credentials.source", "USER_INFO");
    settings.put("basic.auth.user.info", USER + ":" + secrets.registryPassword());
    settings.put("schema.registry.ssl.truststore.type", "PKCS12");
    settings.put("schema.registry.ssl.truststore.location", inContainer(certificates.trust()));
    settings.put("schema.registry.ssl.truststore.password", secrets.storePassword());
    return settings;
  }

  static String scram(String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(USER, password);
  }

  /** A container of the service with these settings, given as {@code KAFKA_…} variables. */
  ServiceContainer service(Map<String, String> variables) {
    return new ServiceContainer(network, folder, logs::add)
        .withEnv("BLIPSTREAM_BOOTSTRAP_SERVERS", BrokerContainer.SECURE_ADDRESS)
        .withEnv("BLIPSTREAM_SCHEMA_REGISTRY_URL", RegistryContainer.SECURE_URL)
        .withEnv("BLIPSTREAM_WEB_TOKEN", secrets.token())
        .withEnv(variables);
  }

  static Map<String, String> variables(Map<String, String> settings) {
    Map<String, String> variables = new HashMap<>();
    settings.forEach(
        (key, value) ->
            variables.put("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    return variables;
  }

  private ServiceContainer serviceWithFile(Map<String, String> settings) {
    Path file = folder.resolve("kafka.properties");
    try {
      Files.write(
          file, settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return service(Map.of("BLIPSTREAM_KAFKA_CONFIG", inContainer(file)));
  }

  /** A logging configuration in which all loggers say all they have, for a container to read. */
  String loudLogging() throws IOException {
    Path file = folder.resolve("loud.xml");
    Files.writeString(
        file,
        """
        <configuration>
          <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
            <target>System.err</target>
            <encoder><pattern>%-5level %logger %msg%n</pattern></encoder>
          </appender>
          <root level="DEBUG"><appender-ref ref="STDERR"/></root>
        </configuration>
        """);
    return inContainer(file);
  }

  private static String inContainer(Path file) {
    return ServiceContainer.FILES + "/" + file.getFileName();
  }

  /** All that services have said so far which are gone by now. */
  List<String> logs() {
    synchronized (logs) {
      return List.copyOf(logs);
    }
  }

  @Override
  public void close() throws IOException {
    registry.stop();
    broker.stop();
    network.close();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
