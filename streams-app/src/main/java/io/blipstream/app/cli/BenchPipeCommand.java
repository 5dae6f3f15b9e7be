package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.Backlog;
import io.blipstream.app.cli.bench.BenchEvents;
import io.blipstream.app.cli.bench.BenchRow;
import io.blipstream.app.cli.bench.ByteSize;
import io.blipstream.app.cli.bench.Figure;
import io.blipstream.app.cli.bench.OutcomeTally;
import io.blipstream.app.cli.bench.ServiceSamples;
import io.blipstream.app.cli.bench.SimulatedDevice;
import io.blipstream.app.cli.soak.Guarantee;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench pipe}: how much the stream carries when the device takes no time. */
@Command(
    name = "pipe",
    description = {
      "Measure the service with a device that takes no time, against a broker of its own: what"
          + " reading, batching and writing cost by themselves, broker on the same machine included.",
      "The exit code is 1 if any outcome is missing or repeated."
    })
final class BenchPipeCommand implements Callable<Integer> {

  private static final double MEGABYTE = 1e6;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions bench;
  @Mixin private BenchStreamOptions options;

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "SIZE",
      defaultValue = "1KB,10KB,100KB,1MB",
      description = "Of an image (default: ${DEFAULT-VALUE}).")
  private List<String> sizes = new ArrayList<>();

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "250000",
      description =
          "Images of each case, or fewer if --megabytes is less (default: ${DEFAULT-VALUE}).")
  private int most;

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      defaultValue = "3000",
      description = "Most megabytes of each case (default: ${DEFAULT-VALUE}).")
  private int megabytes;

  private record Measured(List<ServiceSamples.Window> windows, OutcomeTally tally, int images) {}

  @Override
  public Integer call() throws Exception {
    options.check();
    List<ByteSize> parsed = options.sizes(sizes);
    options.require(
        parsed.stream().allMatch(size -> images(size) >= 10 * options.repeats()),
        "--images and --megabytes are too few to measure.");
    List<BenchRow> rows =
        bench
            .report(
                () -> BenchCases.onStage(options, (stage, found) -> measure(stage, parsed, found)))
            .rows();
    return BenchCases.status(rows).code();
  }

  private int images(ByteSize size) {
    return (int) Math.min(most, megabytes * MEGABYTE / size.bytes());
  }

  private void measure(BenchStage stage, List<ByteSize> sizes, List<BenchRow> rows)
      throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    for (ByteSize size : sizes) {
      for (Guarantee guarantee : options.guarantees()) {
        err.println(size + ", " + guarantee + ": " + images(size) + " images");
        err.flush();
        rows.add(row(size, guarantee, measure(stage, size, guarantee)));
      }
    }
  }

  private Measured measure(BenchStage stage, ByteSize size, Guarantee guarantee) throws Exception {
    Backlog backlog = Backlog.ofImages(images(size), options.repeats());
    int images = backlog.images();
    try (BenchStage.Case topics = stage.new Case(SimulatedDevice.NONE, guarantee)) {
      topics.fill(new BenchEvents(size.bytes()), 0, images);
      try (BenchService service = topics.start()) {
        service.awaitImages(images, PATIENCE);
        service.stop();
        return new Measured(backlog.measured(service.samples()), topics.tally(images), images);
      }
    }
  }

  private BenchRow row(ByteSize size, Guarantee guarantee, Measured measured) {
    Map<String, String> parameters = options.parameters(size, guarantee);
    List<ServiceSamples.Window> windows = measured.windows();
    List<Figure> figures =
        new ArrayList<>(
            List.of(
                BenchCases.median("rate", "1/s", windows, ServiceSamples.Window::imagesPerSecond),
                BenchCases.median(
                    "throughput",
                    "MB/s",
                    windows,
                    window -> window.imagesPerSecond() * size.bytes() / MEGABYTE),
                BenchCases.median("cpu", "ms/image", windows, ServiceSamples.Window::cpuMillis),
                BenchCases.median(
                    "brokerCpu", "ms/image", windows, ServiceSamples.Window::brokerCpuMillis),
                BenchCases.median("perBatch", "images", windows, ServiceSamples.Window::perBatch)));
    figures.addAll(BenchCases.counts(measured.tally(), measured.images()));
    return new BenchRow("pipe", parameters, figures);
  }
}
