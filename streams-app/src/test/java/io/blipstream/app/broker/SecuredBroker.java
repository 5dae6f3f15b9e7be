package io.blipstream.app.broker;

import io.blipstream.app.KeyTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * An embedded broker with two further doors, both with TLS: one for those who have a certificate
 * that it trusts, and one for those who have a password.
 */
public final class SecuredBroker implements AutoCloseable {

  /** The one user who has a password. */
  public static final String USER = "captioner";

  private final EmbeddedBroker broker;
  private final int certificatePort;
  private final int passwordPort;
  private final Path authority;

  private SecuredBroker(
      EmbeddedBroker broker, int certificatePort, int passwordPort, Path authority) {
    this.broker = broker;
    this.certificatePort = certificatePort;
    this.passwordPort = passwordPort;
    this.authority = authority;
  }

  /**
   * Starts one.
   *
   * @param folder of its own; keys and data go there
   * @param trusted the certificate of those whom the first door lets in, PEM
   * @param password of the user whom the second door lets in
   */
  public static SecuredBroker start(Path folder, Path trusted, String password)
      throws IOException, InterruptedException {
    Files.createDirectory(folder);
    Path keys = folder.resolve("server.p12");
    Path authority = folder.resolve("ca.crt");
    KeyTool.pair(keys, password, "CN=broker", "-ext", "SAN=ip:127.0.0.1");
    KeyTool.certificate(keys, password, authority);
    int certificatePort = freePort();
    int passwordPort = freePort();
    Map<String, String> more =
        Map.of(
            "ssl.keystore.type",
            "PKCS12",
            "ssl.keystore.location",
            keys.toString(),
            "ssl.keystore.password",
            password,
            "listener.name.certificate.ssl.client.auth",
            "required",
            "listener.name.certificate.ssl.truststore.type",
            "PEM",
            "listener.name.certificate.ssl.truststore.location",
            trusted.toString(),
            "listener.name.password.sasl.enabled.mechanisms",
            "PLAIN",
            "listener.name.password.plain.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
                .formatted(USER, password));
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            folder.resolve("data"),
            0,
            settings -> {
              settings.putAll(more);
              append(
                  settings, "listener.security.protocol.map", "CERTIFICATE:SSL,PASSWORD:SASL_SSL");
              for (String listeners : new String[] {"listeners", "advertised.listeners"}) {
                append(
                    settings,
                    listeners,
                    "CERTIFICATE://127.0.0.1:%d,PASSWORD://127.0.0.1:%d"
                        .formatted(certificatePort, passwordPort));
              }
            });
    return new SecuredBroker(broker, certificatePort, passwordPort, authority);
  }

  private static void append(Map<String, Object> settings, String key, String more) {
    settings.computeIfPresent(key, (any, some) -> some + "," + more);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    }
  }

  /** The door that is open to all. */
  public String openAddress() {
    return broker.bootstrapServers();
  }

  /** The door for those with a certificate. */
  public String certificateAddress() {
    return "127.0.0.1:" + certificatePort;
  }

  /** The door for those with a password. */
  public String passwordAddress() {
    return "127.0.0.1:" + passwordPort;
  }

  /** The certificate that its clients are to trust, PEM. */
  public Path authority() {
    return authority;
  }

  @Override
  public void close() {
    broker.close();
  }
}
