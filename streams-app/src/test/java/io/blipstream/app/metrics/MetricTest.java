package io.blipstream.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {

  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final String BEGIN = "<!-- The table of io.blipstream.app.metrics.Metric -->\n";
  private static final String END = "<!-- End of the table -->\n";

  @ParameterizedTest
  @EnumSource
  void shouldBeNamedAsPrometheusAdvises(Metric metric) {
    assertThat(metric.prometheusName()).matches("blipstream(_[a-z]+)+");
    assertThat(metric.prometheusName().endsWith("_total"))
        .isEqualTo(metric.type() == Metric.Type.COUNTER);
    assertThat(metric.prometheusName().endsWith("_info"))
        .isEqualTo(metric.type() == Metric.Type.INFO);
    assertThat(metric.prometheusName().contains("_seconds"))
        .isEqualTo(metric.unit().equals("seconds"));
    assertThat(metric.labels()).allMatch(label -> label.matches("[a-z_]+"));
    assertThat(metric.description()).hasSizeGreaterThan(20).endsWith(".");
  }

  @Test
  void shouldHaveNamesOfTheirOwn() {
    assertThat(Arrays.stream(Metric.values()).flatMap(metric -> metric.series().stream()))
        .doesNotHaveDuplicates();
  }

  /** On failure: the text to put in place is in the message. */
  @Test
  void shouldBeDocumentedAsItIs() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(BEGIN, END);
    String written = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    assertThat(written).isEqualTo(MetricTable.markdown());
  }
}
