package io.blipstream.app.containers;

import io.blipstream.app.KeyTool;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One key for broker and registry, and the certificate that clients are to trust, made by the JDK's
 * keytool.
 *
 * @param keys key and certificate, PKCS#12
 * @param authority the certificate alone, PEM, as a cluster's authority is usually handed out
 * @param trust the certificate alone, PKCS#12
 */
record Certificates(Path keys, Path authority, Path trust) {

  /** Names of the containers in their network, and of this machine. */
  private static final String NAMES =
      "SAN=dns:"
          + BrokerContainer.HOST
          + ",dns:"
          + RegistryContainer.HOST
          + ",dns:localhost,ip:127.0.0.1";

  static Certificates make(Path folder, String password) throws IOException, InterruptedException {
    Certificates made =
        new Certificates(
            folder.resolve("keys.p12"), folder.resolve("ca.crt"), folder.resolve("trust.p12"));
    KeyTool.pair(made.keys, password, "CN=blipstream tests", "-ext", NAMES);
    KeyTool.certificate(made.keys, password, made.authority);
    KeyTool.trust(made.trust, password, made.authority);
    return made;
  }
}
