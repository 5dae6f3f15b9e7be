package io.blipstream.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class AlertsTest {

  private static List<String> alerts() {
    List<String> names = new ArrayList<>();
    for (JsonNode rule :
        Yaml.document(Repository.text("deploy/prometheus/alerts.yaml")).at("/groups/0/rules")) {
      names.add(rule.path("alert").asText());
    }
    return names;
  }

  @Test
  void shouldSayWhatToDoForEachAlert() {
    String manual = Repository.text("docs/operate.md");
    assertThat(alerts()).hasSizeGreaterThan(10);
    for (String alert : alerts()) {
      assertThat(manual).contains("\n### " + alert + "\n");
    }
  }

  @Test
  void shouldNotDescribeAlertsThatAreNone() {
    assertThat(
            Repository.text("docs/operate.md")
                .lines()
                .filter(line -> line.startsWith("### Blipstream"))
                .map(line -> line.substring(4)))
        .containsExactlyInAnyOrderElementsOf(alerts());
  }

  @Test
  void shouldTellHowBadEachIs() {
    for (JsonNode rule :
        Yaml.document(Repository.text("deploy/prometheus/alerts.yaml")).at("/groups/0/rules")) {
      assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
      assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
      assertThat(rule.at("/annotations/description").asText()).isNotBlank();
    }
  }

  /** Prometheus's own tool, where it is installed (Debian's package prometheus has it). */
  @Test
  void shouldFireWhenTheyShallAndOnlyThen() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Path.of(folder, "promtool").toFile().canExecute()),
        "promtool is not installed");
    Process process =
        new ProcessBuilder("promtool", "test", "rules", "alerts_test.yaml")
            .directory(Repository.file("deploy/prometheus").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
