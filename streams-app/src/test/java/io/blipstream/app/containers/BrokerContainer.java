package io.blipstream.app.containers;

import java.nio.file.Path;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.MountableFile;

/**
 * A Kafka broker with two doors: TLS and SCRAM-SHA-512 inside the containers' network, where every
 * right has to be given, and plain text on this machine, where the tests look in with all rights.
 */
final class BrokerContainer extends KafkaContainer {

  static final String HOST = "kafka";
  static final String SECURE_ADDRESS = HOST + ":9095";

  /** The name that {@link KafkaContainer} gives the first listener added to its own. */
  private static final String LISTENER = "TC-0";

  private static final String LISTENER_VARIABLE = "KAFKA_LISTENER_NAME_TC___0_";
  private static final String KEYS = "/tmp/keys.p12";

  BrokerContainer(Path keys, String password) {
    super(ImageName.KAFKA.get());
    withListener(SECURE_ADDRESS);
    withCopyFileToContainer(MountableFile.forHostPath(keys, 0644), KEYS);
    withEnv(LISTENER_VARIABLE + "SSL_KEYSTORE_TYPE", "PKCS12");
    withEnv(LISTENER_VARIABLE + "SSL_KEYSTORE_LOCATION", KEYS);
    withEnv(LISTENER_VARIABLE + "SSL_KEYSTORE_PASSWORD", password);
    withEnv(LISTENER_VARIABLE + "SASL_ENABLED_MECHANISMS", "SCRAM-SHA-512");
    withEnv(
        LISTENER_VARIABLE + "SCRAM___SHA___512_SASL_JAAS_CONFIG",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    withEnv(
        "KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    withEnv("KAFKA_SUPER_USERS", "User:ANONYMOUS");
    withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    // Killed services are tried here: their transactions are to end soon after their time is up.
    withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
    withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
  }

  @Override
  protected void configure() {
    super.configure();
    getEnvMap()
        .computeIfPresent(
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
            (key, map) -> map.replace(LISTENER + ":PLAINTEXT", LISTENER + ":SASL_SSL"));
  }
}
