package io.blipstream.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Keys and certificates of tests, made by the JDK's keytool and valid for two days. */
public final class KeyTool {

  private static final String OWN = "own";

  private KeyTool() {}

  /** Makes a key, with a certificate that it signs itself, in a new PKCS#12 store. */
  public static void pair(Path store, String password, String subject, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("-genkeypair", "-alias", OWN, "-keyalg", "EC", "-validity", "2"));
    arguments.addAll(List.of("-dname", subject));
    arguments.addAll(List.of(more));
    run(store, password, arguments);
  }

  /** Writes the certificate of such a store as PEM. */
  public static void certificate(Path store, String password, Path pem)
      throws IOException, InterruptedException {
    run(store, password, List.of("-exportcert", "-rfc", "-alias", OWN, "-file", pem.toString()));
  }

  /** Puts a certificate into a PKCS#12 store of those that are trusted. */
  public static void trust(Path store, String password, Path pem)
      throws IOException, InterruptedException {
    run(
        store,
        password,
        List.of("-importcert", "-noprompt", "-alias", "other", "-file", pem.toString()));
  }

  /** The key of such a store as PEM. */
  public static String privateKey(Path store, String password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    byte[] key = keys.getKey(OWN, password.toCharArray()).getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(key));
  }

  private static void run(Path store, String password, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(arguments);
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", password));
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
