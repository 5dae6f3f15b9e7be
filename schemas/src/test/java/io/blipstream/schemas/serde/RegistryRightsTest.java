package io.blipstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Samples;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The least that a registry must allow the service, at one that tells readers from writers. */
@Timeout(600)
class RegistryRightsTest {

  private static final String RELEASE = "release";
  private static final String SERVICE = "service";
  private static final RecordSchemas SCHEMAS =
      RecordSchemas.forTopics("images", "captions", "itm-confidence", "rejects");

  @TempDir static Path folder;
  private static RealRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> archive = RealRegistry.archive();
    Assumptions.assumeTrue(archive.isPresent(), RealRegistry.MISSING);
    registry =
        RealRegistry.start(
            archive.orElseThrow(),
            folder,
            Map.of(
                "quarkus.http.auth.basic",
                "true",
                "quarkus.http.auth.permission.all.paths",
                "/apis/*",
                "quarkus.http.auth.permission.all.policy",
                "authenticated",
                "quarkus.security.users.embedded.plain-text",
                "true",
                "quarkus.security.users.embedded.users." + RELEASE,
                RELEASE,
                "quarkus.security.users.embedded.roles." + RELEASE,
                "sr-developer",
                "quarkus.security.users.embedded.users." + SERVICE,
                SERVICE,
                "quarkus.security.users.embedded.roles." + SERVICE,
                "sr-readonly",
                "apicurio.auth.role-based-authorization",
                "true"));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void shouldOnlyNeedToReadWhereItMayNotRegister() {
    SCHEMAS.register(as(RELEASE, true));
    RegistrySettings reader = as(SERVICE, false);
    SCHEMAS.requireUsable(reader);
    try (var serializer = new RegistryAvroSerializer<Caption>(reader);
        var deserializer = new RegistryAvroDeserializer<>(Caption.class, reader)) {
      byte[] written = serializer.serialize("captions", Samples.caption());
      assertThat(deserializer.deserialize("captions", written)).isEqualTo(Samples.caption());
    }

    // Negative control: the registry does refuse what its readers may not do.
    assertThatThrownBy(() -> SCHEMAS.requireUsable(as(SERVICE, true)))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("register the schema of subject captions-value")
        .hasMessageContaining("our credentials have no right to that (HTTP 403)");
  }

  private static RegistrySettings as(String user, boolean register) {
    Map<String, Object> config = new HashMap<>();
    config.put(RegistrySettings.URL, registry.url());
    config.put(RegistrySettings.AUTO_REGISTER, register);
    config.put("basic.auth.credentials.source", "USER_INFO");
    config.put("basic.auth.user.info", user + ":" + user);
    return RegistrySettings.from(config);
  }
}
