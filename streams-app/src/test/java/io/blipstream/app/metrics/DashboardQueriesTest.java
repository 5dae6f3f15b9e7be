package io.blipstream.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the dashboard, the alerts and the scaler ask for is something that the service tells. */
class DashboardQueriesTest {

  private static final Path DEPLOY = Path.of("../deploy");
  private static final Pattern OURS = Pattern.compile("\\bblipstream_[a-z0-9_]+");

  /** Names that recording rules define are names, too. */
  private static final Pattern RECORDED = Pattern.compile("(?m)^\\s*-?\\s*record:\\s*(\\S+)");

  @TestFactory
  Stream<DynamicTest> shouldAskForExistingMetricsOnly() throws IOException {
    Set<String> recorded = new TreeSet<>();
    List<Path> files = files();
    for (Path file : files) {
      recorded.addAll(matches(RECORDED, Files.readString(file), 1));
    }
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    DEPLOY.relativize(file).toString(),
                    () -> assertThat(unknown(queries(file), recorded)).isEmpty()));
  }

  /** Negative control. */
  @Test
  void shouldFindAnUnknownName() {
    assertThat(
            unknown(
                List.of(
                    "rate(blipstream_images_total[5m]) / blipstream_pictures_total",
                    "histogram_quantile(0.9, sum by (le) (rate(blipstream_stage_seconds_bucket[5m])))",
                    "blipstream_stage_seconds"),
                Set.of()))
        .containsExactly("blipstream_pictures_total", "blipstream_stage_seconds");
  }

  @Test
  void shouldHaveADashboardAndAlerts() throws IOException {
    if (Files.isDirectory(DEPLOY.resolve("grafana"))) {
      assertThat(files().stream().map(file -> file.getParent().getFileName().toString()))
          .contains("grafana", "prometheus");
    }
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("grafana", "prometheus", "helm")) {
      Path root = DEPLOY.resolve(folder);
      if (Files.isDirectory(root)) {
        try (Stream<Path> all = Files.walk(root)) {
          all.filter(file -> file.toString().matches(".*\\.(json|ya?ml|tpl)")).forEach(files::add);
        }
      }
    }
    return files;
  }

  /** Of a dashboard its expressions; of everything else all of it. */
  private static List<String> queries(Path file) throws IOException {
    String text = Files.readString(file);
    if (!file.toString().endsWith(".json")) {
      return text.lines().filter(line -> !line.strip().startsWith("#")).toList();
    }
    JsonNode json = new ObjectMapper().readTree(text);
    List<String> queries = new ArrayList<>();
    for (String field : List.of("expr", "query", "definition")) {
      json.findValues(field)
          .forEach(value -> queries.add(value.isTextual() ? value.asText() : value.toString()));
    }
    return queries;
  }

  private static Set<String> unknown(List<String> queries, Set<String> recorded) {
    Set<String> unknown = new TreeSet<>();
    for (String query : queries) {
      for (String name : matches(OURS, query, 0)) {
        if (Metric.ofSeries(name).isEmpty() && !recorded.contains(name)) {
          unknown.add(name);
        }
      }
    }
    return unknown;
  }

  private static List<String> matches(Pattern pattern, String text, int group) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(group));
    }
    return found;
  }
}
