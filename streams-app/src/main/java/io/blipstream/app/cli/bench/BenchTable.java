package io.blipstream.app.cli.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A report as tables for people, one for each name of rows. */
public final class BenchTable {

  /** A spread below this share of the value is not worth a column's width. */
  private static final double VISIBLE_SPREAD = 0.005;

  private BenchTable() {}

  /** The tables' lines, the machine first. */
  public static List<String> lines(BenchReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(report.machine().inWords());
    for (List<BenchRow> rows : byName(report.rows()).values()) {
      lines.add("");
      lines.addAll(table(rows));
    }
    return lines;
  }

  private static Map<String, List<BenchRow>> byName(List<BenchRow> rows) {
    Map<String, List<BenchRow>> byName = new LinkedHashMap<>();
    rows.forEach(row -> byName.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row));
    return byName;
  }

  private static List<String> table(List<BenchRow> rows) {
    Set<String> parameters = new LinkedHashSet<>();
    Map<String, String> figures = new LinkedHashMap<>();
    for (BenchRow row : rows) {
      parameters.addAll(row.parameters().keySet());
      row.figures().forEach(figure -> figures.putIfAbsent(figure.name(), figure.unit()));
    }
    List<List<String>> cells = new ArrayList<>();
    List<String> head = new ArrayList<>();
    head.add(rows.get(0).name());
    head.addAll(parameters);
    figures.forEach((name, unit) -> head.add(unit.isEmpty() ? name : name + " [" + unit + "]"));
    cells.add(head);
    for (BenchRow row : rows) {
      List<String> line = new ArrayList<>();
      line.add("");
      parameters.forEach(key -> line.add(row.parameters().getOrDefault(key, "")));
      figures.keySet().forEach(name -> line.add(cell(row, name)));
      cells.add(line);
    }
    return aligned(cells);
  }

  private static String cell(BenchRow row, String name) {
    return row.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .map(BenchTable::words)
        .findFirst()
        .orElse("");
  }

  /** The value, and from where to where it went in the repeats. */
  private static String words(Figure figure) {
    String value = Numbers.shortest(figure.value());
    double spread = figure.most() - figure.least();
    return spread <= VISIBLE_SPREAD * Math.abs(figure.value())
        ? value
        : "%s (%s-%s)"
            .formatted(value, Numbers.shortest(figure.least()), Numbers.shortest(figure.most()));
  }

  /** Columns as wide as their widest cell; the first to the left, all others to the right. */
  static List<String> aligned(Collection<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int width = row.get(i).length();
        if (i < widths.size()) {
          widths.set(i, Math.max(widths.get(i), width));
        } else {
          widths.add(width);
        }
      }
    }
    return rows.stream().map(row -> aligned(row, widths)).toList();
  }

  private static String aligned(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String format = i == 0 ? "%-" + widths.get(i) + "s" : "  %" + widths.get(i) + "s";
      // A column without any cell has no width to ask for.
      line.append(widths.get(i) == 0 ? "" : String.format(Locale.ROOT, format, row.get(i)));
    }
    return line.toString().stripTrailing();
  }
}
