package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.BenchRow;
import io.blipstream.app.cli.bench.Figure;
import io.blipstream.app.cli.bench.model.ModelBench;
import io.blipstream.app.cli.bench.model.ModelCase;
import io.blipstream.app.cli.bench.model.ModelResult;
import io.blipstream.app.cli.bench.model.ModelStage;
import io.blipstream.model.BlipEngines;
import io.blipstream.model.EngineKind;
import io.blipstream.model.EnginePlan;
import io.blipstream.model.EngineRequest;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.train.UntrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code blipstream bench model}: images a second through the stages of CapFilt, without Kafka. */
@Command(
    name = "model",
    description = {
      "Measure how many images a second the stages of CapFilt take, and their memory.",
      "Every case runs in a process of its own. GFLOP/s count matrix products; the ceiling is what"
          + " libtorch reaches in 32 bits at nothing but large ones."
    })
final class BenchModelCommand implements Callable<Integer> {

  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions bench;
  @Mixin private DeviceOptions device;

  @ArgGroup private Which which = new Which();

  /** Neither: the bundled model. */
  static final class Which {
    @ArgGroup(exclusive = false)
    private FolderOptions folders;

    @Option(
        names = "--size",
        paramLabel = "tiny|base|large",
        description =
            "Measure a model of random weights and the official size of that name, without a"
                + " download; tiny is to try the command.")
    private UntrainedModel.Size size;
  }

  @Option(
      names = "--same-vision",
      description =
          "With --size: one vision encoder for captioner and filter, as the bundled model has;"
              + " those of the official checkpoints differ.")
  private boolean sameVision;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "Where the random model and the images are written, to be read by another program or used"
              + " again (default: a temporary folder).")
  private Path keep;

  @Option(
      names = "--stage",
      split = ",",
      paramLabel = "STAGE",
      defaultValue = "vision,caption,filter,capfilt",
      description = "Which stages, with commas between them (default: ${DEFAULT-VALUE}).")
  private List<ModelStage> stages;

  @Option(
      names = "--engine",
      split = ",",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      description =
          "What computes: auto, onnx or pytorch, also with the precision, such as onnx-fp32; any"
              + " number, with commas between them (default: ${DEFAULT-VALUE}).")
  private List<String> engines;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,4",
      description = "Images at a time, any number of sizes (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Cores to use on a CPU, any number of counts (default: all cores).")
  private List<Integer> threads = List.of(Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "Every caption is made to have so many tokens after its start token, so that all images"
              + " take the same work (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "The web text of every image (default: one of 12 tokens).")
  private String text;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "For each case, after a fifth of it to warm up (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description = "At least, however long they take (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Override
  public Integer call() throws Exception {
    return ModelRuns.endedAtExit(this::bench);
  }

  private int bench() throws Exception {
    requirePossible();
    for (String engine : engines) {
      plan(engine, 1);
    }
    try (WorkFolder work = WorkFolder.open(Optional.ofNullable(keep), "blipstream-bench")) {
      int images = batches.stream().mapToInt(Integer::intValue).max().orElse(1);
      BenchModelFiles files =
          BenchModelFiles.in(
              work.path(),
              Optional.ofNullable(which.folders).map(FolderOptions::folders),
              Optional.ofNullable(which.size),
              sameVision,
              images);
      bench.report(() -> measure(files));
    } catch (IOException e) {
      throw new CommandFailure(ExitStatus.FAILED, e.getMessage(), e);
    }
    return ExitStatus.DONE.code();
  }

  private void requirePossible() {
    if (tokens < 1 || repeats < 1 || !(seconds >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "There must be 1 token and 1 repeat at least, and no negative time.");
    }
    for (int count : concatenated(batches, threads)) {
      if (count < 1) {
        throw new ParameterException(
            spec.commandLine(), "A batch has 1 image at least, and an operation 1 thread.");
      }
    }
    if (sameVision && which.size == null) {
      throw new ParameterException(
          spec.commandLine(), "--same-vision is for the random model of --size.");
    }
  }

  private static List<Integer> concatenated(List<Integer> some, List<Integer> others) {
    List<Integer> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private List<BenchRow> measure(BenchModelFiles files) throws Exception {
    List<BenchRow> rows = new ArrayList<>();
    for (int count : threads) {
      ModelResult ceiling = ModelBench.ceiling(count, Math.min(seconds, 3), repeats);
      double most = gigaflops(ceiling).value();
      rows.add(told(ceiling(count, ceiling)));
      for (ModelStage stage : stages) {
        for (String engine : engines) {
          for (int batch : batches) {
            rows.add(told(row(files, stage, plan(engine, count), batch, most)));
          }
        }
      }
    }
    return rows;
  }

  /** Such as {@code onnx-int8}: a runtime, and what it computes in. */
  private EnginePlan plan(String engine, int threadCount) {
    String[] words = engine.toUpperCase(Locale.ROOT).split("-", 2);
    try {
      return BlipEngines.plan(
          new EngineRequest(
              words[0].equals("AUTO")
                  ? Optional.empty()
                  : Optional.of(EngineKind.valueOf(words[0])),
              device.device(),
              words.length < 2 ? Optional.empty() : Optional.of(NumericPrecision.valueOf(words[1])),
              threadCount));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "There is no engine %s on device %s (%s); take auto, onnx or pytorch, with or without"
                  .formatted(engine, device.word(), e.getMessage())
              + " -fp32, -fp16 or -int8.",
          e);
    }
  }

  private BenchRow row(
      BenchModelFiles files, ModelStage stage, EnginePlan plan, int batch, double ceiling)
      throws Exception {
    ModelResult result =
        ModelBench.run(
            new ModelCase(
                stage,
                files.captioner().toString(),
                files.filter().toString(),
                files.images().toString(),
                text(),
                tokens,
                plan.kind(),
                plan.device(),
                plan.precision(),
                plan.threads(),
                batch,
                seconds,
                repeats));
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("model", files.name());
    parameters.put("stage", stage.name().toLowerCase(Locale.ROOT));
    parameters.put("engine", result.engine());
    parameters.put("threads", Integer.toString(plan.threads()));
    parameters.put("batch", Integer.toString(batch));
    parameters.put("tokens", Integer.toString(tokens));
    Figure gigaflops = gigaflops(result);
    List<Double> rates = result.seconds().stream().map(one -> batch / one).toList();
    List<Figure> figures =
        new ArrayList<>(
            List.of(
                Figure.median("imagesPerSecond", "1/s", rates),
                gigaflops,
                Figure.of("ofCeiling", "%", 100 * gigaflops.value() / ceiling),
                Figure.of("imagesPerCpuSecond", "1/s", batch * rates.size() / result.cpuSeconds()),
                Figure.of("coresUsed", "", result.coresUsed())));
    if (result.peakBytes() > 0) {
      figures.add(Figure.of("peakMemory", "MB", result.peakBytes() / MEGA));
    }
    figures.add(Figure.count("repeats", rates.size()));
    return new BenchRow("model", parameters, figures);
  }

  private static BenchRow ceiling(int threadCount, ModelResult result) {
    return new BenchRow(
        "ceiling",
        Map.of("threads", Integer.toString(threadCount)),
        List.of(gigaflops(result), Figure.of("coresUsed", "", result.coresUsed())));
  }

  private static Figure gigaflops(ModelResult result) {
    return Figure.median(
        "speed",
        "GFLOP/s",
        result.seconds().stream().map(one -> result.flops() / one / GIGA).toList());
  }

  /** Some words that are a token each: of the model's own vocabulary, if it was made up. */
  private String text() {
    if (text != null) {
      return text;
    }
    return which.size == null ? "a small dog on a beach under a blue sky" : UntrainedModel.TEXT;
  }

  /** Minutes may pass until the table. */
  private BenchRow told(BenchRow row) {
    PrintWriter err = spec.commandLine().getErr();
    Figure first = row.figures().get(0);
    err.println(
        String.format(
            Locale.ROOT,
            "%s %s: %.4g %s",
            row.name(),
            String.join(" ", row.parameters().values()),
            first.value(),
            first.unit()));
    err.flush();
    return row;
  }
}
