package io.blipstream.app.cli.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one case. Name and parameters tell cases apart, within a report and from one
 * report to another; so what the machine decides by itself is a figure, not a parameter.
 *
 * @param name what was measured, such as {@code decode}
 * @param parameters with what, in the order they are shown
 * @param figures the results, in the order they are shown
 */
public record BenchRow(String name, Map<String, String> parameters, List<Figure> figures) {

  public BenchRow {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    figures = List.copyOf(figures);
  }

  boolean isSameCase(BenchRow other) {
    return name.equals(other.name) && parameters.equals(other.parameters);
  }

  String caseName() {
    StringBuilder words = new StringBuilder(name);
    parameters.forEach((key, value) -> words.append(' ').append(key).append('=').append(value));
    return words.toString();
  }
}
