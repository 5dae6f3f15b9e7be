package io.blipstream.app.cli.bench;

import java.util.List;

/**
 * One measured number.
 *
 * @param name what it is, as a key of JSON
 * @param unit such as {@code 1/s}, {@code ms}, {@code %}; empty for a count
 * @param value the one to quote: of several repeats the median
 * @param least of the repeats; the value itself where there was one
 * @param most of the repeats
 */
public record Figure(String name, String unit, double value, double least, double most) {

  /** Something measured once. */
  public static Figure of(String name, String unit, double value) {
    return new Figure(name, unit, value, value, value);
  }

  /** Something counted. */
  public static Figure count(String name, long value) {
    return of(name, "", (double) value);
  }

  /**
   * The median of repeats and their spread.
   *
   * @param values at least one
   */
  public static Figure median(String name, String unit, List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int last = sorted.size() - 1;
    double median = (sorted.get(last / 2) + sorted.get(last - last / 2)) / 2;
    return new Figure(name, unit, median, sorted.get(0), sorted.get(last));
  }
}
