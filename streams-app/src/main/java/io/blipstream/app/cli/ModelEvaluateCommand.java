package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.CapFilt;
import io.blipstream.model.evaluate.EngineAgreement;
import io.blipstream.model.evaluate.Pictures;
import io.blipstream.model.evaluate.SceneEvaluation;
import java.io.IOException;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code blipstream model evaluate}: holds CapFilt's results against the truth of drawn scenes. */
@Command(
    name = "evaluate",
    description =
        "Measure captioner and filter on drawn scenes, whose truth is known; prints JSON.")
final class ModelEvaluateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;

  @Option(names = "--scenes", description = "How many (default: ${DEFAULT-VALUE}).")
  private int scenes = 1000;

  @Option(names = "--seed", description = "Of scenes and web texts (default: ${DEFAULT-VALUE}).")
  private long seed = 4242;

  @Option(
      names = "--threshold",
      description = "ITM probability from which a text is accepted (default: ${DEFAULT-VALUE}).")
  private double threshold = 0.5;

  @Option(
      names = "--against-reference",
      description =
          "Instead of the truth, hold the results against those of the reference engine: pytorch on"
              + " the CPU in fp32, with exact decoding of images.")
  private boolean againstReference;

  @Option(
      names = "--jpeg-side",
      paramLabel = "N",
      description =
          "With --against-reference: paint scenes into JPEG files of this side (default: PNG of"
              + " 192).")
  private Integer jpegSide;

  @Override
  public Integer call() throws IOException {
    return ModelRuns.endedAtExit(this::evaluate);
  }

  private int evaluate() throws IOException {
    if (jpegSide != null && (!againstReference || jpegSide < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--jpeg-side is 1 or more and goes with --against-reference.");
    }
    try (CapFilt capFilt = model.loader().get();
        ProgressBar bar =
            new ProgressBarBuilder().setTaskName("scenes").setInitialMax(scenes).build()) {
      Object report =
          againstReference
              ? agreement(capFilt, bar)
              : new SceneEvaluation(capFilt, threshold).run(scenes, seed, bar::stepTo);
      spec.commandLine().getOut().println(new JsonMapper().writeValueAsString(report));
    }
    return 0;
  }

  private EngineAgreement agreement(CapFilt capFilt, ProgressBar bar) {
    Pictures pictures =
        jpegSide == null ? Pictures.DEMO : new Pictures(Pictures.Format.JPEG, jpegSide);
    try (CapFilt reference = model.referenceLoader().get()) {
      return EngineAgreement.of(capFilt, reference, threshold, scenes, seed, pictures, bar::stepTo);
    }
  }
}
