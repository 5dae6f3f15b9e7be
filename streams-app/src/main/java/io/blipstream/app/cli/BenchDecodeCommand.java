package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.BenchRow;
import io.blipstream.app.cli.bench.DecodeBench;
import io.blipstream.app.cli.bench.DrawnJpegs;
import io.blipstream.app.cli.bench.Figure;
import io.blipstream.model.ImageDecoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code blipstream bench decode}: images decoded and resized a second, without a model. */
@Command(name = "decode", description = "Measure how many images a second are decoded and resized.")
final class BenchDecodeCommand implements Callable<Integer> {

  /** So many files are held in memory, so that the disk is not what is measured. */
  private static final int MOST_FILES = 1000;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions bench;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Files to decode (default: drawn JPEGs, 640x480 and 1920x1080, a row each).")
  private Path images;

  @Option(names = "--threads", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int threads = 1;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long a row, after a third of it to warm up (default: ${DEFAULT-VALUE}).")
  private double seconds = 5;

  @Option(
      names = "--resize",
      paramLabel = "N",
      description = "Side in pixels to resize to; 0: decode only (default: ${DEFAULT-VALUE}).")
  private int side = 384;

  @Override
  public Integer call() throws Exception {
    if (threads < 1 || side < 0 || !(seconds > 0)) {
      throw new ParameterException(
          spec.commandLine(), "There must be 1 thread or more, some time, and no negative side.");
    }
    Map<String, List<byte[]>> files =
        images == null ? DrawnJpegs.bySize() : Map.of(images.toString(), read(images));
    bench.report(() -> rows(files));
    return ExitStatus.DONE.code();
  }

  private List<BenchRow> rows(Map<String, List<byte[]>> files) throws InterruptedException {
    List<BenchRow> rows = new ArrayList<>();
    for (Map.Entry<String, List<byte[]>> some : files.entrySet()) {
      for (ImageDecoding decoding : ImageDecoding.values()) {
        if (decoding == ImageDecoding.EXACT || side > 0) {
          DecodeBench run = new DecodeBench(some.getValue(), side, decoding);
          rows.add(row(some.getKey(), decoding, run.run(threads, seconds)));
        }
      }
    }
    return rows;
  }

  private static BenchRow row(String images, ImageDecoding decoding, DecodeBench.Result result) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("images", images);
    parameters.put("decoding", decoding.name().toLowerCase(Locale.ROOT));
    parameters.put("side", Integer.toString(result.side()));
    parameters.put("threads", Integer.toString(result.threads()));
    parameters.put("decoder", result.nativeDecoders() ? "native" : "jdk");
    return new BenchRow(
        "decode",
        parameters,
        List.of(
            Figure.of("imagesPerSecond", "1/s", result.imagesPerSecond()),
            Figure.of("imagesPerCpuSecond", "1/s", result.imagesPerCpuSecond()),
            Figure.count("read", result.images()),
            Figure.count("refused", result.refused()),
            Figure.of("seconds", "s", result.seconds()),
            Figure.of("cpuSeconds", "s", result.cpuSeconds())));
  }

  private static List<byte[]> read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(ExitStatus.WRONG_USE, folder + " is no folder.");
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList();
    }
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Files.readAllBytes(file));
    }
    return Optional.of(contents)
        .filter(some -> !some.isEmpty())
        .orElseThrow(
            () -> new CommandFailure(ExitStatus.FAILED, "There are no files in " + folder + "."));
  }
}
