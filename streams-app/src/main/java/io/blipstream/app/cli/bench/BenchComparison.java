package io.blipstream.app.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two reports side by side: every figure of every case that both have, and their ratio. Which way
 * is better is the reader's to know; 1.00 is no change.
 */
public final class BenchComparison {

  private BenchComparison() {}

  /** For people, line by line. */
  public static List<String> lines(BenchReport now, BenchReport before) {
    List<String> lines = new ArrayList<>();
    lines.add("Compared with " + before.machine().blipstream() + " at " + before.time() + ":");
    List<String> differences = now.machine().differences(before.machine());
    if (!differences.isEmpty()) {
      lines.add("THE MACHINE DIFFERS (" + String.join("; ", differences) + ").");
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("case", "figure", "before", "now", "now/before"));
    List<String> alone = new ArrayList<>();
    for (BenchRow row : now.rows()) {
      Optional<BenchRow> earlier = before.rows().stream().filter(row::isSameCase).findFirst();
      if (earlier.isPresent()) {
        compare(row, earlier.get(), cells);
      } else {
        alone.add("Only now: " + row.caseName());
      }
    }
    for (BenchRow row : before.rows()) {
      if (now.rows().stream().noneMatch(row::isSameCase)) {
        alone.add("Only before: " + row.caseName());
      }
    }
    if (cells.size() > 1) {
      lines.addAll(BenchTable.aligned(cells));
    } else {
      lines.add("No case is in both; compare reports of the same command line.");
    }
    lines.addAll(alone);
    return lines;
  }

  private static void compare(BenchRow now, BenchRow before, List<List<String>> cells) {
    for (Figure figure : now.figures()) {
      before.figures().stream()
          .filter(other -> other.name().equals(figure.name()))
          .findFirst()
          .ifPresent(
              other ->
                  cells.add(
                      List.of(
                          now.caseName(),
                          figure.name(),
                          Numbers.shortest(other.value()),
                          Numbers.shortest(figure.value()),
                          ratio(figure, other))));
    }
  }

  private static String ratio(Figure now, Figure before) {
    if (!now.unit().equals(before.unit())) {
      return "units differ: " + before.unit() + ", now " + now.unit();
    }
    if (before.value() == 0) {
      return now.value() == 0 ? "1.00" : "-";
    }
    return "%.2f".formatted(now.value() / before.value());
  }
}
