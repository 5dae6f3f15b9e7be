package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.blipstream.model.BundledModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports through the real command line; what the hub may do is tested beside the importer. */
class ModelImportCommandTest {

  @TempDir Path folder;

  @Test
  void shouldImportTheBundledModelFromItsFolderAndDescribeIt() throws IOException {
    Path source = BundledModel.unpack().filter();
    String target = folder.resolve("filter").toString();

    Shell.Result imported = shell().run("model", "import", source.toString(), "--to", target);

    assertThat(imported.status()).as(imported.err()).isZero();
    assertThat(imported.lines()).singleElement().asString().startsWith("imported ");
    assertThat(imported.err()).contains("model.safetensors").contains("checking the weights");
    assertThat(
            new JsonMapper()
                .readTree(folder.resolve("filter/blipstream.json").toFile())
                .get("files")
                .size())
        .isGreaterThanOrEqualTo(3);
    Shell.Result again = shell().run("model", "import", source.toString(), "--to", target);
    assertThat(again.status()).isZero();
    assertThat(again.out()).startsWith("already there:");
    assertThat(shell().run("model", "info", "--json", target).out()).contains("\"filter\"");
  }

  @Test
  void shouldImportFromAHub() throws IOException {
    Path files = BundledModel.unpack().captioner();
    HttpServer hub =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext(
        "/a/b/resolve/",
        exchange -> {
          try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Path file = files.resolve(path.substring(path.lastIndexOf('/') + 1));
            if (!Files.exists(file)) {
              exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
              exchange.sendResponseHeaders(404, -1);
              return;
            }
            exchange.getResponseHeaders().set("X-Repo-Commit", "0123456789abcdef0123");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (head) {
              exchange.getResponseHeaders().set("Content-Length", String.valueOf(Files.size(file)));
            }
            exchange.sendResponseHeaders(200, head ? -1 : Files.size(file));
            if (!head) {
              Files.copy(file, exchange.getResponseBody());
            }
          }
        });
    hub.start();
    try {
      Shell.Result imported =
          new Shell(
                  Map.of(
                      "HF_ENDPOINT",
                      "http://127.0.0.1:" + hub.getAddress().getPort(),
                      "HF_TOKEN",
                      "none"))
              .run("model", "import", "hf:a/b", "--to", folder.resolve("new").toString());

      assertThat(imported.status()).as(imported.err()).isZero();
      assertThat(imported.out()).contains("hf:a/b at 0123456789abcdef0123");
    } finally {
      hub.stop(0);
    }
  }

  @Test
  void shouldTellWrongUseFromMissingThingsInOneSentence() {
    requireFailure(2, "hf:Salesforce/blip", "model", "import", "Salesforce/blip", "--to", "x");
    requireFailure(2, "--revision", "model", "import", "/", "--revision=main", "--to", "x");
    requireFailure(2, "--to", "model", "import", "hf:a/b");
    requireFailure(1, "config.json", "model", "import", folder.toString(), "--to", target());
    Shell.Result wrong =
        new Shell(Map.of("HF_ENDPOINT", "nonsense"))
            .run("model", "import", "hf:a/b", "--to", target());
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("HF_ENDPOINT must be");
  }

  private String target() {
    return folder.resolve("target").toString();
  }

  private static Shell shell() {
    return new Shell(Map.of("HF_TOKEN", "none"));
  }

  private static void requireFailure(int status, String words, String... arguments) {
    Shell.Result result = shell().run(arguments);
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err()).contains(words).doesNotContain("Exception");
  }
}
