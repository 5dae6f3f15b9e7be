package io.blipstream.app.containers;

import io.blipstream.schemas.serde.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/**
 * An Apicurio registry that answers only those who have a name and a password, by TLS inside the
 * containers' network, and by plain HTTP to this machine.
 */
final class RegistryContainer extends GenericContainer<RegistryContainer> {

  static final String HOST = "registry";
  static final String SECURE_URL = "https://" + HOST + ":8443/apis/ccompat/v7";

  private static final int PLAIN_PORT = 8080;
  private static final String KEYS = "/tmp/keys.p12";

  private final String user;
  private final String password;

  RegistryContainer(Path keys, String keysPassword, String user, String password) {
    super(ImageName.REGISTRY.get());
    this.user = user;
    this.password = password;
    withNetworkAliases(HOST);
    withExposedPorts(PLAIN_PORT);
    withCopyFileToContainer(MountableFile.forHostPath(keys, 0644), KEYS);
    withEnv("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_STORE_FILE", KEYS);
    withEnv("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_STORE_FILE_TYPE", "PKCS12");
    withEnv("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_STORE_PASSWORD", keysPassword);
    withEnv("QUARKUS_HTTP_AUTH_BASIC", "true");
    withEnv("QUARKUS_SECURITY_USERS_EMBEDDED_PLAIN_TEXT", "true");
    withEnv(
        "QUARKUS_SECURITY_USERS_EMBEDDED_USERS_" + user.toUpperCase(java.util.Locale.ROOT),
        password);
    withEnv("QUARKUS_HTTP_AUTH_PERMISSION_ALL_PATHS", "/apis/*");
    withEnv("QUARKUS_HTTP_AUTH_PERMISSION_ALL_POLICY", "authenticated");
    waitingFor(Wait.forHttp("/health/ready").forPort(PLAIN_PORT));
    withStartupTimeout(Duration.ofMinutes(3));
  }

  /** How this machine reaches it. */
  Map<String, Object> settings() {
    return Map.of(
        RegistrySettings.URL,
        "http://" + getHost() + ":" + getMappedPort(PLAIN_PORT) + "/apis/ccompat/v7",
        "basic.auth.credentials.source",
        "USER_INFO",
        "basic.auth.user.info",
        user + ":" + password);
  }
}
