package io.blipstream.app.metrics;

import java.util.Locale;
import java.util.stream.Collectors;

/** The table of docs/metrics.md. */
final class MetricTable {

  private MetricTable() {}

  static String markdown() {
    StringBuilder table = new StringBuilder("| metric | type | unit | labels | what |\n");
    table.append("|---|---|---|---|---|\n");
    for (Metric metric : Metric.values()) {
      table.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  metric.prometheusName(),
                  metric.type().name().toLowerCase(Locale.ROOT),
                  metric.unit(),
                  metric.labels().stream()
                      .map(label -> "`" + label + "`")
                      .collect(Collectors.joining(", ")),
                  metric.description()));
    }
    return table.toString();
  }
}
