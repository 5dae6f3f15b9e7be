package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Short runs: that everything is measured and nothing lost, not how fast it is. */
@Tag("slow")
@Timeout(600)
class BenchStreamCommandTest {

  private final Shell shell = new Shell();
  @TempDir private Path folder;

  private JsonNode rows(Shell.Result result) throws IOException {
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(1);
    return new JsonMapper().readTree(result.out()).get("rows");
  }

  private static double value(JsonNode row, String figure) {
    return row.get("figures").get(figure).get("value").asDouble();
  }

  @Test
  void shouldMeasureThroughputLatencyAndCompleteness() throws IOException {
    JsonNode rows =
        rows(
            shell.run(
                "bench",
                "stream",
                "--device=10+0.5,5+0.5",
                "--size=2KB",
                "--guarantee=exactly-once",
                "--batch=16",
                "--seconds=1",
                "--warm-up=1",
                "--repeats=2",
                "--heap=256m",
                "--state=" + folder.resolve("state"),
                "--",
                "--window-records=64"));
    assertThat(rows).hasSize(2);
    JsonNode row = rows.get(0);
    assertThat(row.get("name").asText()).isEqualTo("stream");
    assertThat(row.get("parameters").get("device").asText()).isEqualTo("10+0.5 ms");
    assertThat(row.get("parameters").get("image").asText()).isEqualTo("2KB");
    assertThat(row.get("parameters").get("flags").asText()).isEqualTo("--window-records=64");
    assertThat(value(row, "ceiling")).isBetween(888.0, 889.0);
    // A service that stood still for a moment catches up; samples are taken amid a batch.
    assertThat(value(row, "ofCeiling")).isBetween(1.0, 200.0);
    assertThat(value(row, "fill")).isBetween(1.0, 110.0);
    assertThat(value(row, "p50")).isPositive();
    assertThat(value(row, "p99")).isGreaterThanOrEqualTo(value(row, "p50"));
    assertThat(value(row, "images")).isGreaterThan(2000);
    assertThat(value(row, "lost")).isZero();
    assertThat(value(row, "duplicated")).isZero();
  }

  @Test
  void shouldMeasureThePipeAlone() throws IOException {
    JsonNode rows =
        rows(
            shell.run(
                "bench",
                "pipe",
                "--size=1KB",
                "--guarantee=at-least-once",
                "--images=5000",
                "--repeats=1",
                "--heap=256m"));
    assertThat(rows).hasSize(1);
    assertThat(value(rows.get(0), "rate")).isPositive();
    assertThat(value(rows.get(0), "throughput")).isPositive();
    assertThat(value(rows.get(0), "cpu")).isPositive();
    assertThat(value(rows.get(0), "images")).isGreaterThan(4900);
    assertThat(value(rows.get(0), "lost")).isZero();
  }

  @Test
  void shouldSayWhyTheServiceDidNotStart() throws IOException {
    Path state = folder.resolve("state");
    Shell.Result result =
        shell.run(
            List.of("bench", "pipe", "--size=1KB", "--images=100", "--state=" + state),
            "--",
            "--window-records=1");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("The service under measurement ended after 0 of ");
    try (Stream<Path> logs = Files.list(state)) {
      Path log = logs.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
      assertThat(result.err()).contains(log.toString());
      assertThat(log).content().contains("window.records=1");
    }
  }
}
