package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.schemas.registry.EmbeddedRegistry;
import io.blipstream.schemas.serde.RecordSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemasCommandTest {

  @TempDir private Path folder;
  @AutoClose private EmbeddedRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = EmbeddedRegistry.start(folder, 0);
  }

  private Shell.Result schemas(String... more) {
    return new Shell()
        .run(
            List.of(
                "schemas",
                "--schema-registry-url=" + registry.url(),
                "-X",
                "auto.register.schemas=false",
                "--topic-captions=texts"),
            more);
  }

  private String get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(registry.url() + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void shouldRegisterWhatIsMissingAndLeaveTheRestAsItIs() throws Exception {
    Shell.Result missing = schemas("--check");
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err()).contains("images-value");
    assertThat(get("/subjects")).isEqualTo("[]");

    Shell.Result registered = schemas();
    assertThat(registered.status()).isZero();
    assertThat(registered.lines())
        .extracting(line -> line.replaceFirst(" .*", ""))
        .containsExactly("images-value", "texts-value", "itm-confidence-value", "rejects-value");
    assertThat(get("/config/texts-value")).contains("40408");

    assertThat(schemas().out()).isEqualTo(registered.out());
    assertThat(schemas("--check").out()).isEqualTo(registered.out());
    assertThat(get("/subjects/texts-value/versions")).isEqualTo("[1]");
  }

  @Test
  void shouldProtectWhenAskedTo() throws Exception {
    Shell.Result result = schemas("--protect");

    assertThat(result.status()).isZero();
    assertThat(result.lines()).hasSize(4).allMatch(line -> line.endsWith(", now FULL_TRANSITIVE"));
    assertThat(get("/config/texts-value")).contains("FULL_TRANSITIVE");
  }

  @Test
  void shouldSayWhyItCannot() {
    assertThat(schemas("--protect", "--check").status()).isEqualTo(2);
    assertThat(schemas("--topic-rejects=texts").err()).contains("four different ones");

    Shell.Result foreign = schemas("-X", RecordSerdes.SERDE_CLASS + "=some.Serde");
    assertThat(foreign.status()).isEqualTo(2);
    assertThat(foreign.err()).contains("not ours to register");

    registry.close();
    Shell.Result away = schemas();
    assertThat(away.status()).isEqualTo(3);
    assertThat(away.err()).contains(registry.url());
  }
}
