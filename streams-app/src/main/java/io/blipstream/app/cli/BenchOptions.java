package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.BenchComparison;
import io.blipstream.app.cli.bench.BenchJson;
import io.blipstream.app.cli.bench.BenchReport;
import io.blipstream.app.cli.bench.BenchRow;
import io.blipstream.app.cli.bench.BenchTable;
import io.blipstream.app.cli.bench.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all bench commands have in common: where their report goes and what it is compared with.
 *
 * <p>Tables are for people and go to standard error; the report, one line of JSON, is the last and
 * only thing on standard output.
 */
final class BenchOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the report to FILE, too, to compare a later run with.")
  private Path json;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Show the ratios to an earlier report that --json has written.")
  private Path compare;

  /** A measurement; takes as long as it takes. */
  @FunctionalInterface
  interface Measurement {
    List<BenchRow> run() throws Exception;
  }

  /**
   * Measures and reports. What the options name is looked at first, so that minutes of measuring
   * are not lost to a mistyped name.
   */
  BenchReport report(Measurement measurement) throws Exception {
    Optional<BenchReport> earlier = earlier();
    requireWritable();
    Machine machine = Machine.here(new Blipstream.Version().getVersion()[0]);
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    BenchReport report = new BenchReport(commandLine(), time, machine, measurement.run());
    PrintWriter err = spec.commandLine().getErr();
    BenchTable.lines(report).forEach(err::println);
    earlier.ifPresent(
        before -> {
          err.println();
          BenchComparison.lines(report, before).forEach(err::println);
        });
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    out.println(BenchJson.of(report));
    out.flush();
    if (json != null) {
      BenchJson.write(report, json);
    }
    return report;
  }

  private Optional<BenchReport> earlier() {
    if (compare == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(BenchJson.read(compare));
    } catch (IOException e) {
      throw new CommandFailure(ExitStatus.WRONG_USE, e.getMessage(), e);
    }
  }

  private void requireWritable() {
    if (json == null) {
      return;
    }
    Path folder = json.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(json)) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE,
          "The report cannot be written to %s; name a file in a folder that is there and yours."
              .formatted(json));
    }
  }

  private String commandLine() {
    return String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
  }
}
