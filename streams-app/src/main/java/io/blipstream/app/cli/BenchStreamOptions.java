package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.ByteSize;
import io.blipstream.app.cli.soak.Guarantee;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code bench stream} and {@code bench pipe} have in common. */
final class BenchStreamOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--guarantee",
      split = ",",
      paramLabel = "exactly-once|at-least-once",
      defaultValue = "exactly-once,at-least-once",
      description = "What the service is set to (default: ${DEFAULT-VALUE}).")
  private List<Guarantee> guarantees = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Most images in one batch of the device (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions of every topic (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Windows that are measured one after the other; a figure is their median, with the least"
              + " and the most (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description = "Heap of the measured process (default: ${DEFAULT-VALUE}).")
  private String heap;

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "Further option for the JVM of the measured process; may be repeated.")
  private List<String> javaOptions = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "New or empty folder for topics and logs, which stay there (default: a temporary one,"
              + " deleted at the end).")
  private Path state;

  @Parameters(
      paramLabel = "RUN_FLAG",
      description =
          "After --: further flags for the service, to try a configuration, such as"
              + " -- --window-records=128.")
  private List<String> runFlags = new ArrayList<>();

  List<Guarantee> guarantees() {
    return guarantees.stream().distinct().toList();
  }

  int batch() {
    return batch;
  }

  int partitions() {
    return partitions;
  }

  int repeats() {
    return repeats;
  }

  Optional<Path> state() {
    return Optional.ofNullable(state);
  }

  List<String> runFlags() {
    return runFlags;
  }

  List<String> jvmOptions() {
    List<String> all = new ArrayList<>(List.of("-Xmx" + heap));
    all.addAll(javaOptions);
    return all;
  }

  /** What a row of a report says of its case. */
  Map<String, String> parameters(ByteSize size, Guarantee guarantee) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("batch", Integer.toString(batch));
    parameters.put("image", size.toString());
    parameters.put("guarantee", guarantee.toString());
    if (!runFlags.isEmpty()) {
      parameters.put("flags", String.join(" ", runFlags));
    }
    return parameters;
  }

  void check() {
    require(batch > 0 && partitions > 0, "--batch and --partitions must be above 0.");
    require(repeats > 0 && repeats <= 100, "--repeats must be from 1 to 100.");
  }

  List<ByteSize> sizes(List<String> written) {
    return parsed(written, ByteSize::parse);
  }

  /** Values that read themselves. */
  <T> List<T> parsed(List<String> written, java.util.function.Function<String, T> parser) {
    try {
      return written.stream().map(parser).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  void require(boolean holds, String sentence) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }
}
