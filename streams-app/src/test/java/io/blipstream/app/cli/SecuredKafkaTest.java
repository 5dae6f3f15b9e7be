package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.KeyTool;
import io.blipstream.app.broker.SecuredBroker;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.app.config.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Client certificates, and passwords by SASL PLAIN: who has the right ones is served, and who has
 * not is told so. SCRAM is tried in containers.
 */
@Tag("slow")
@Timeout(300)
class SecuredKafkaTest {

  private static final String PASSWORD = "s3cret-of-the-tests";
  private static final String WRONG = "an0ther-s3cret";

  @TempDir private static Path folder;
  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    for (String name : List.of("known", "stranger")) {
      KeyTool.pair(store(name), PASSWORD, "CN=" + name);
    }
    Path known = folder.resolve("known.crt");
    KeyTool.certificate(store("known"), PASSWORD, known);
    broker = SecuredBroker.start(folder.resolve("broker"), known, PASSWORD);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Path store(String name) {
    return folder.resolve(name + ".p12");
  }

  private static Map<String, String> certificate(String name, String password) {
    Map<String, String> settings = onlyTls();
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", store(name).toString());
    settings.put("ssl.keystore.password", password);
    return settings;
  }

  private static Map<String, String> onlyTls() {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.certificateAddress());
    settings.put("security.protocol", "SSL");
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", broker.authority().toString());
    return settings;
  }

  private static Map<String, String> plain(String password) {
    Map<String, String> settings = onlyTls();
    settings.put("bootstrap.servers", broker.passwordAddress());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(SecuredBroker.USER, password));
    return settings;
  }

  @Test
  void shouldServeWhoHasATrustedCertificate() throws Exception {
    assertServed("by-certificate", certificate("known", PASSWORD));
  }

  /** As Kubernetes hands secrets out: no file, no password. */
  @Test
  void shouldServeWhoseKeyAndCertificateAreVariables() throws Exception {
    Map<String, String> settings = onlyTls();
    settings.put("ssl.keystore.type", "PEM");
    settings.put("ssl.keystore.certificate.chain", Files.readString(folder.resolve("known.crt")));
    settings.put("ssl.keystore.key", KeyTool.privateKey(store("known"), PASSWORD));
    assertServed("by-variables", settings);
  }

  @Test
  void shouldServeWhoHasTheRightPassword() throws Exception {
    assertServed("by-password", plain(PASSWORD));
  }

  /** An image goes in and its outcome comes out, all by the one door. */
  private static void assertServed(String name, Map<String, String> settings) throws Exception {
    TopicNames topics =
        new TopicNames(
            name + "-images", name + "-captions", name + "-confidences", name + "-rejects");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.openAddress()))) {
      Topics.createMissing(
          admin,
          topics.all().stream()
              .map(topic -> new TopicSpec(topic, 1, TopicSpec.TEXT_BYTES))
              .toList());
    }
    Shell shell = shell(settings);
    shell.environment().put("BLIPSTREAM_TOPIC_IMAGES", topics.images());
    shell.environment().put("BLIPSTREAM_TOPIC_CAPTIONS", topics.captions());
    shell.environment().put("BLIPSTREAM_TOPIC_ITM_CONFIDENCE", topics.itmConfidence());
    shell.environment().put("BLIPSTREAM_TOPIC_REJECTS", topics.rejects());
    Path picture = Pictures.write(folder.resolve(name + ".png"), 24);
    Shell.Result sent = shell.run("send", picture.toString());
    assertThat(sent.out()).as(sent.err()).isEqualTo("sent 1, failed 0, skipped 0\n");
    Thread service = new Thread(() -> shell.run("run", "--state-dir", folder.resolve(name) + ""));
    service.start();
    try {
      Shell.Result judged =
          shell.run(
              "tail", topics.itmConfidence(), "--from-beginning", "--max", "1", "--timeout", "120");
      assertThat(judged.status()).as(judged.err()).isZero();
      assertThat(judged.out()).contains(name + ".png");
    } finally {
      service.interrupt();
      service.join();
    }
  }

  @Test
  void shouldSayThatKafkaWantsACertificate() {
    assertFails(onlyTls(), 1, "Kafka refuses access: ", "_certificate", "ssl.keystore.location");
  }

  @Test
  void shouldSayThatKafkaDoesNotTrustItsCertificate() {
    assertFails(
        certificate("stranger", PASSWORD),
        1,
        "Kafka refuses access: ",
        "fatal alert: ",
        "certificate",
        "ssl.keystore.location");
  }

  @Test
  void shouldSayThatItsKeysDoNotOpen() {
    assertFails(
        certificate("known", WRONG), 1, store("known").toString(), "password was incorrect");
  }

  @Test
  void shouldSayThatKafkaRefusesItsPassword() {
    assertFails(plain(WRONG), 1, "Kafka refuses access: ", "Invalid username or password");
  }

  @Test
  void shouldSayWhichMechanismsThereAre() {
    Map<String, String> settings = plain(PASSWORD);
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config", settings.get("sasl.jaas.config").replace("plain.Plain", "scram.Scram"));
    assertFails(settings, 1, "Kafka refuses access: ", "enabled mechanisms are [PLAIN]");
  }

  /** Neither side can read the other, so that all it sees is that nobody answers. */
  @Test
  void shouldSayThatAnotherProtocolMayBeSpokenWhereNobodyAnswers() {
    assertFails(
        Map.of("bootstrap.servers", broker.certificateAddress(), "default.api.timeout.ms", "1000"),
        3,
        "Kafka did not answer at ",
        "security.protocol");
  }

  private static void assertFails(Map<String, String> settings, int code, String... says) {
    Shell.Result result = shell(settings).run("run", "--state-dir", folder.resolve("none") + "");
    assertThat(result.err()).contains(says).hasLineCount(1).doesNotContain(PASSWORD, WRONG);
    assertThat(result.status()).isEqualTo(code);
  }

  private static Shell shell(Map<String, String> settings) {
    Map<String, String> variables = new HashMap<>();
    variables.put("BLIPSTREAM_SCHEMA_REGISTRY_URL", "mock://secured");
    settings.forEach(
        (key, value) ->
            variables.put("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    return new Shell(variables);
  }
}
