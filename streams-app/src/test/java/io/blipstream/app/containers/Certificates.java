package io.blipstream.app.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    List<String> keys = List.of("-keystore", made.keys.toString(), "-alias", "server");
    List<String> store = List.of("-storetype", "PKCS12", "-storepass", password);
    keytool(
        List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=blipstream tests", "-ext", NAMES),
        keys,
        store,
        List.of("-validity", "2"));
    keytool(List.of("-exportcert", "-rfc", "-file", made.authority.toString()), keys, store);
    keytool(
        List.of("-importcert", "-noprompt", "-alias", "ca", "-file", made.authority.toString()),
        List.of("-keystore", made.trust.toString()),
        store);
    return made;
  }

  @SafeVarargs
  private static void keytool(List<String>... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    for (List<String> some : arguments) {
      command.addAll(some);
    }
    Path said = Files.createTempFile("keytool", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + Files.readString(said));
      }
    } finally {
      Files.delete(said);
    }
  }
}
