package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's lines and exit codes; what is checked how is the model's business. */
class ModelVerifyCommandTest {

  @TempDir Path folder;

  @Test
  void shouldPrintALineACheckAndATotal() throws URISyntaxException {
    Shell.Result verified = run("model", "verify", reference().toString());

    assertThat(verified.status()).as(verified.out()).isZero();
    assertThat(verified.lines()).hasSize(52 + 1);
    assertThat(verified.lines().subList(0, 52)).allMatch(line -> line.startsWith("ok "));
    assertThat(verified.lines().get(52)).isEqualTo("52 checks: 52 ok, 0 failed");
  }

  @Test
  void shouldExitWithOneIfASingleTokenIsAnother() throws IOException, URISyntaxException {
    Path captioner = Files.createDirectory(folder.resolve("captioner"));
    try (Stream<Path> files = Files.list(reference().resolve("captioner"))) {
      for (Path file : files.toList()) {
        Files.copy(file, captioner.resolve(file.getFileName()));
      }
    }
    Path cases = captioner.resolve("reference.json");
    String content = Files.readString(cases);
    // The one token that the shortest caption begins with.
    Files.writeString(cases, content.replaceFirst("\\[\\[128,\\d+", "[[128,77"));

    Shell.Result verified = run("model", "verify", "--json", folder.toString());

    assertThat(verified.status()).as(verified.out()).isEqualTo(1);
    JsonNode total = new JsonMapper().readTree(verified.lines().get(verified.lines().size() - 1));
    assertThat(total.get("failed").asInt()).isEqualTo(1);
    assertThat(verified.lines())
        .filteredOn(line -> line.contains("\"ok\":false"))
        .singleElement()
        .asString()
        .contains("generate[0]")
        .contains("77");
  }

  @Test
  void shouldSayInOneSentenceThatAFolderHoldsNoReference() {
    Shell.Result verified = run("model", "verify", folder.toString());

    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.err().lines())
        .singleElement()
        .asString()
        .contains("none of the folders captioner, filter and resize");
  }

  @Test
  void shouldCallAMissingFolderNameWrongUse() {
    assertThat(run("model", "verify").status()).isEqualTo(2);
  }

  private static Path reference() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(ModelVerifyCommandTest.class.getResource("/reference")).toURI());
  }

  private static Shell.Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(Map.of(), new PrintWriter(out), new PrintWriter(err), arguments);
    return new Shell.Result(status, out.toString(), err.toString());
  }
}
