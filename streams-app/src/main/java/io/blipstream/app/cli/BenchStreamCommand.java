package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.Backlog;
import io.blipstream.app.cli.bench.BenchEvents;
import io.blipstream.app.cli.bench.BenchRow;
import io.blipstream.app.cli.bench.ByteSize;
import io.blipstream.app.cli.bench.Figure;
import io.blipstream.app.cli.bench.Latencies;
import io.blipstream.app.cli.bench.OutcomeTally;
import io.blipstream.app.cli.bench.ServiceSamples;
import io.blipstream.app.cli.bench.SimulatedDevice;
import io.blipstream.app.cli.soak.Guarantee;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench stream}: what the stream leaves of a device's speed, and how long images wait. */
@Command(
    name = "stream",
    description = {
      "Measure the whole service around a simulated device, against a broker of its own.",
      "Each case: a backlog is worked off (images a second as a share of what the device could do in"
          + " full batches without a pause), then images come at an even pace of half of that"
          + " (latency from an image's creation until a read_committed consumer has its outcome),"
          + " then all outcomes are read and counted. The exit code is 1 if any is missing or"
          + " repeated."
    })
final class BenchStreamCommand implements Callable<Integer> {

  /** More than two cores and a loopback can carry; bench pipe finds out what they can. */
  private static final double MOST_BYTES_PER_SECOND = 500e6;

  private static final double LOAD = 0.5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions bench;
  @Mixin private BenchStreamOptions options;

  @Option(
      names = "--device",
      split = ",",
      paramLabel = "MS+MS",
      defaultValue = "20+0.2,5+0.02",
      description =
          "Milliseconds that a batch takes plus those of each image (default: ${DEFAULT-VALUE}).")
  private List<String> devices = new ArrayList<>();

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "SIZE",
      defaultValue = "1KB,100KB",
      description = "Of an image (default: ${DEFAULT-VALUE}).")
  private List<String> sizes = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "Length of a measured window (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "6",
      description = "Before the first window, not measured (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  private record Measured(
      List<ServiceSamples.Window> windows, Latencies latencies, OutcomeTally tally, int images) {}

  @Override
  public Integer call() throws Exception {
    options.check();
    options.require(seconds > 0 && warmUp >= 0, "There must be some time to measure.");
    List<SimulatedDevice> parsed = options.parsed(devices, SimulatedDevice::parse);
    List<ByteSize> bytes = options.sizes(sizes);
    List<BenchRow> rows =
        bench
            .report(
                () ->
                    BenchCases.onStage(
                        options, (stage, found) -> measure(stage, parsed, bytes, found)))
            .rows();
    return BenchCases.status(rows).code();
  }

  private void measure(
      BenchStage stage, List<SimulatedDevice> devices, List<ByteSize> sizes, List<BenchRow> rows)
      throws Exception {
    for (SimulatedDevice device : devices) {
      for (ByteSize size : sizes) {
        double needed = device.ceiling(options.batch()) * size.bytes();
        if (needed > MOST_BYTES_PER_SECOND) {
          say(
              "Left out: device %s with images of %s would need %.0f MB/s; see bench pipe."
                  .formatted(device, size, needed / 1e6));
          continue;
        }
        for (Guarantee guarantee : options.guarantees()) {
          say("Device " + device + ", images of " + size + ", " + guarantee);
          rows.add(row(device, size, guarantee, measure(stage, device, size, guarantee)));
        }
      }
    }
  }

  private Measured measure(
      BenchStage stage, SimulatedDevice device, ByteSize size, Guarantee guarantee)
      throws Exception {
    double ceiling = device.ceiling(options.batch());
    BenchEvents events = new BenchEvents(size.bytes());
    Backlog backlog = Backlog.ofRate(ceiling, warmUp, seconds, options.repeats());
    try (BenchStage.Case topics = stage.new Case(device, guarantee)) {
      topics.fill(events, 0, backlog.images());
      BenchPace pace =
          new BenchPace(
              topics,
              events,
              LOAD * ceiling,
              Duration.ofMillis(Math.round(1000 * seconds)),
              options.repeats());
      int images = backlog.images() + pace.images();
      try (BenchService service = topics.start()) {
        service.awaitImages(backlog.images(), PATIENCE);
        Latencies latencies = pace.run(backlog.images());
        service.awaitImages(images, PATIENCE);
        service.stop();
        return new Measured(
            backlog.measured(service.samples()), latencies, topics.tally(images), images);
      }
    }
  }

  private BenchRow row(
      SimulatedDevice device, ByteSize size, Guarantee guarantee, Measured measured) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("device", device + " ms");
    parameters.putAll(options.parameters(size, guarantee));
    double ceiling = device.ceiling(options.batch());
    List<ServiceSamples.Window> windows = measured.windows();
    List<Figure> figures =
        new ArrayList<>(
            List.of(
                Figure.of("ceiling", "1/s", ceiling),
                BenchCases.median("rate", "1/s", windows, ServiceSamples.Window::imagesPerSecond),
                BenchCases.median(
                    "ofCeiling", "%", windows, window -> 100 * window.imagesPerSecond() / ceiling),
                BenchCases.median(
                    "fill", "%", windows, window -> 100 * window.perBatch() / options.batch()),
                BenchCases.median("deviceBusy", "%", windows, window -> 100 * window.busy()),
                BenchCases.median("cpu", "ms/image", windows, ServiceSamples.Window::cpuMillis),
                BenchCases.median(
                    "brokerCpu", "ms/image", windows, ServiceSamples.Window::brokerCpuMillis),
                Figure.of("load", "1/s", LOAD * ceiling),
                Figure.median("p50", "ms", measured.latencies().quantiles(0.5)),
                Figure.median("p99", "ms", measured.latencies().quantiles(0.99))));
    figures.addAll(BenchCases.counts(measured.tally(), measured.images()));
    return new BenchRow("stream", parameters, figures);
  }

  private void say(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
  }
}
