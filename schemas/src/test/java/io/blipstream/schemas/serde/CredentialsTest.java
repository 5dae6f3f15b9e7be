package io.blipstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the genuine client sends, under Confluent's names of the settings. */
class CredentialsTest {

  private static final StubRegistry.Answer ID = new StubRegistry.Answer(200, "{\"id\":1}");
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  @Test
  void shouldSendNoCredentialsUnlessTold() throws Exception {
    assertThat(sent(Map.of()).authorization()).isNull();
  }

  @Test
  void shouldSendBasicCredentialsAndExtraHeaders() throws Exception {
    StubRegistry.Request request =
        sent(
            Map.of(
                "basic.auth.credentials.source",
                "USER_INFO",
                "basic.auth.user.info",
                new Password("me:s3cret"),
                "request.header.X-Tenant",
                "shop"));
    String expected =
        Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));
    assertThat(request.authorization()).isEqualTo("Basic " + expected);
    assertThat(request.tenant()).isEqualTo("shop");
  }

  @Test
  void shouldSendABearerToken() throws Exception {
    StubRegistry.Request request =
        sent(
            Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken"));
    assertThat(request.authorization()).isEqualTo("Bearer t0ken");
  }

  @Test
  void shouldTrustTheGivenTruststoreAndNobodyElse() throws Exception {
    Path keys = keystore();
    try (StubRegistry registry = StubRegistry.tls(context(keys), r -> ID)) {
      Map<String, Object> trusting =
          Map.of(
              RegistrySettings.URL,
              registry.url(),
              "schema.registry.ssl.truststore.location",
              keys.toString(),
              "schema.registry.ssl.truststore.type",
              "PKCS12",
              "schema.registry.ssl.truststore.password",
              PASSWORD);
      assertThat(serialize(trusting)).isNotEmpty();

      assertThatThrownBy(() -> serialize(Map.of(RegistrySettings.URL, registry.url())))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void shouldSayWhichSettingsTheClientRefuses() {
    Map<String, Object> broken =
        Map.of(
            RegistrySettings.URL,
            "https://localhost:1",
            "schema.registry.ssl.truststore.location",
            folder.resolve("missing.p12").toString(),
            "schema.registry.ssl.truststore.password",
            PASSWORD);
    assertThatThrownBy(() -> serialize(broken)).hasMessageContaining("missing.p12");
  }

  @Test
  void shouldGoToTheNextAddressWhenOneDoesNotAnswer() throws Exception {
    try (StubRegistry registry = StubRegistry.plain(r -> ID)) {
      String urls = "http://127.0.0.1:1, " + registry.url();
      assertThat(serialize(Map.of(RegistrySettings.URL, urls))).isNotEmpty();
      assertThat(registry.requests).hasSize(1);
    }
  }

  private static StubRegistry.Request sent(Map<String, Object> settings) throws Exception {
    try (StubRegistry registry = StubRegistry.plain(r -> ID)) {
      Map<String, Object> full = new HashMap<>(settings);
      full.put(RegistrySettings.URL, registry.url());
      serialize(full);
      assertThat(registry.requests).hasSize(1);
      return registry.requests.get(0);
    }
  }

  private static byte[] serialize(Map<String, Object> settings) {
    try (var serializer = new RegistryAvroSerializer<ImageEvent>(RegistrySettings.from(settings))) {
      return serializer.serialize("images", Samples.imageEvent());
    }
  }

  /** A self-signed key for 127.0.0.1, made by the JDK's keytool. */
  private Path keystore() throws Exception {
    Path keys = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    return keys;
  }

  private static SSLContext context(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
