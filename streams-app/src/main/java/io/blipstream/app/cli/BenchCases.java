package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.BenchRow;
import io.blipstream.app.cli.bench.Figure;
import io.blipstream.app.cli.bench.OutcomeTally;
import io.blipstream.app.cli.bench.ServiceSamples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the rows of {@code bench stream} and {@code bench pipe} have in common. */
final class BenchCases {

  private static final String LOST = "lost";
  private static final String DUPLICATED = "duplicated";

  private BenchCases() {}

  /** Cases that are measured one after the other on one stage. */
  @FunctionalInterface
  interface Measurement {
    void run(BenchStage stage, List<BenchRow> rows) throws Exception;
  }

  /** Opens a stage, and keeps its logs if something goes wrong on it. */
  static List<BenchRow> onStage(BenchStreamOptions options, Measurement measurement)
      throws Exception {
    List<BenchRow> rows = new ArrayList<>();
    Optional<Path> own = options.state();
    try (WorkFolder folder = WorkFolder.open(own, "blipstream-bench-")) {
      try (BenchStage stage = new BenchStage(options, folder.path())) {
        measurement.run(stage, rows);
      } catch (CommandFailure e) {
        folder.keep();
        throw e;
      }
    }
    return rows;
  }

  /** The median over all windows, with the least and the most. */
  static Figure median(
      String name,
      String unit,
      List<ServiceSamples.Window> windows,
      ToDoubleFunction<ServiceSamples.Window> value) {
    return Figure.median(name, unit, windows.stream().map(value::applyAsDouble).toList());
  }

  /** What must be 0. */
  static List<Figure> counts(OutcomeTally tally, int images) {
    return List.of(
        Figure.count("images", images),
        Figure.count(LOST, tally.lost()),
        Figure.count(DUPLICATED, tally.duplicated()));
  }

  /** Failed if any outcome of any row is missing or there twice. */
  static ExitStatus status(List<BenchRow> rows) {
    return rows.stream()
            .flatMap(row -> row.figures().stream())
            .filter(figure -> figure.name().equals(LOST) || figure.name().equals(DUPLICATED))
            .allMatch(figure -> figure.value() == 0)
        ? ExitStatus.DONE
        : ExitStatus.FAILED;
  }
}
