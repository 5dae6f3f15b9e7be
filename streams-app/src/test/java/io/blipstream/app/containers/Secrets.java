package io.blipstream.app.containers;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The passwords of one run of the tests: drawn anew each time and found nowhere else, so that one
 * that shows up in a log was put there.
 */
record Secrets(String kafkaPassword, String registryPassword, String storePassword, String token) {

  static Secrets draw() {
    return new Secrets(word(), word(), word(), word());
  }

  private static String word() {
    byte[] bytes = new byte[15];
    new SecureRandom().nextBytes(bytes);
    // Letters and digits only: a quote or an = would have to be escaped differently everywhere.
    return "s3cret" + Base64.getUrlEncoder().encodeToString(bytes).replaceAll("[-_]", "x");
  }

  /** Every secret, also in the form in which basic authentication sends it. */
  List<String> all() {
    String basic = ContainerCluster.USER + ":" + registryPassword;
    return Stream.of(
            kafkaPassword,
            registryPassword,
            storePassword,
            token,
            Base64.getEncoder()
                .encodeToString(basic.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .toList();
  }
}
