package io.blipstream.app.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.containers.ContainerCluster.Handover;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who is let in, what those who are not are told, and that nobody is told a secret. The last test
 * looks through all that the containers of the tests before it said.
 */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ContainerClusterExtension.class)
class SecuredAccessIT {

  private final ContainerCluster cluster;

  SecuredAccessIT(ContainerCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @Order(1)
  void shouldSayThatKafkaRefusesAWrongPassword() throws Exception {
    assertFails(
        "wrong-password",
        Map.of(
            "sasl.jaas.config", ContainerCluster.scram("not-" + cluster.secrets().kafkaPassword())),
        1,
        "blipstream: Kafka refuses access: Authentication failed",
        "check the credentials");
  }

  @Test
  @Order(1)
  void shouldSayThatTheRegistryRefusesAWrongPassword() throws Exception {
    assertFails(
        "wrong-registry",
        Map.of("basic.auth.user.info", "captioner:not-" + cluster.secrets().registryPassword()),
        3,
        "it refused our credentials (HTTP 401)");
  }

  @Test
  @Order(1)
  void shouldNotTalkToABrokerWhoseCertificateItDoesNotTrust() throws Exception {
    // The authorities that the JVM trusts know nothing of a certificate made a minute ago.
    assertFails(
        "no-trust",
        Map.of("ssl.truststore.type", "", "ssl.truststore.location", ""),
        1,
        "blipstream: Kafka refuses access: SSL handshake failed");
  }

  @Test
  @Order(1)
  void shouldNameAFileThatIsNotThere() throws Exception {
    assertFails(
        "no-file",
        Map.of("ssl.truststore.location", "/etc/blipstream/nowhere.crt"),
        1,
        "blipstream: Kafka failed: Failed to create new KafkaAdminClient",
        ": /etc/blipstream/nowhere.crt");
  }

  /** What the service says of a setting that is not right, and with which code it ends. */
  private void assertFails(String name, Map<String, String> wrong, int code, String... says)
      throws Exception {
    Map<String, String> settings = cluster.settings();
    settings.putAll(wrong);
    settings.values().removeIf(String::isEmpty);
    try (TestedStream stream = new TestedStream(cluster, name);
        ServiceContainer service =
            cluster
                .service(ContainerCluster.variables(settings))
                .withCommand(stream.simulatedFlags("--verbose"))
                .untilItEnds()) {
      assertThat(service.getLogs()).contains(says);
      assertThat(service.exitCode()).isEqualTo(code);
    }
  }

  /** Rights to look are left: what is seen and cannot be used is found out last. */
  static Stream<Right> rightsToUse() throws IOException {
    return Right.ofService().stream().filter(right -> right.operation() != AclOperation.DESCRIBE);
  }

  @ParameterizedTest
  @Order(2)
  @MethodSource("rightsToUse")
  void shouldNameTheRightThatItLacks(Right lacking) throws Exception {
    String name =
        "lacking-" + lacking.operation().name().toLowerCase(Locale.ROOT) + "-" + lacking.name();
    List<Right> others =
        Right.ofService().stream().filter(right -> !right.equals(lacking)).toList();
    try (TestedStream stream = new TestedStream(cluster, name, others)) {
      stream.send(20);
      try (ServiceContainer service =
          cluster.service(Handover.VARIABLES).withCommand(stream.simulatedFlags()).untilItEnds()) {
        assertThat(service.getLogs())
            .contains("blipstream: Kafka lets this user in but refuses a right: ")
            .contains(
                lacking.on() == ResourceType.TRANSACTIONAL_ID
                    ? "transactional ids that begin with the application id"
                    : lacking.named(stream.topics(), name));
        assertThat(service.exitCode()).isEqualTo(1);
      }
    }
  }

  @Test
  @Order(2)
  void shouldSayThatTopicsMayBeHidden() throws Exception {
    try (TestedStream stream = new TestedStream(cluster, "hidden", List.of());
        ServiceContainer service =
            cluster
                .service(Handover.VARIABLES)
                .withCommand(stream.simulatedFlags())
                .untilItEnds()) {
      assertThat(service.getLogs())
          .contains("hidden-rejects, or hides them from a user who may not describe them");
      assertThat(service.exitCode()).isEqualTo(3);
    }
  }

  @Test
  @Order(3)
  void shouldHideItsSecretsEvenWhenItLogsEverything() throws Exception {
    try (TestedStream stream = new TestedStream(cluster, "loud")) {
      stream.send(20);
      for (Handover handover : Handover.values()) {
        try (ServiceContainer service =
            cluster
                .service(handover)
                .withEnv("JDK_JAVA_OPTIONS", "-Dlogback.configurationFile=" + cluster.loudLogging())
                .withCommand(stream.simulatedFlags("--verbose"))
                .untilItJudges()) {
          stream.awaitAllCommitted();
          service.terminate();
        }
      }
      for (List<String> command :
          List.of(List.of("run", "--help"), List.of("run", "--no-such-flag"))) {
        try (ServiceContainer service =
            cluster
                .service(Handover.VARIABLES)
                .withCommand(command.toArray(String[]::new))
                .untilItEnds()) {
          assertThat(service.getLogs()).isNotBlank();
        }
      }
    }
    List<String> logs = cluster.logs();
    assertThat(logs)
        .as("what was looked through tells of secrets, but hides them")
        .anyMatch(log -> log.contains("sasl.jaas.config = [hidden]"));
    for (String log : logs) {
      for (String secret : cluster.secrets().all()) {
        assertThat(log.lines().filter(line -> line.contains(secret))).isEmpty();
      }
    }
  }
}
