package io.blipstream.app.cli.bench;

import java.util.List;

/**
 * Everything that one bench command has to tell.
 *
 * @param command the command line that it was called with
 * @param time when it began, ISO 8601
 * @param machine what it ran on
 * @param rows one for each case
 */
public record BenchReport(String command, String time, Machine machine, List<BenchRow> rows) {

  public BenchReport {
    rows = List.copyOf(rows);
  }
}
