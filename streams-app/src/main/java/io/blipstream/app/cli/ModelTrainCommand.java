package io.blipstream.app.cli;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.train.Curriculum;
import io.blipstream.model.train.Losses;
import io.blipstream.model.train.SceneTraining;
import io.blipstream.model.train.Trainer;
import io.blipstream.model.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code blipstream model train}: trains a small BLIP on drawn scenes. */
@Command(
    name = "train",
    description = {
      "Train a small BLIP on drawn scenes. The defaults are those of the bundled model.",
      "Run again with the same folder and flags, it goes on where it stopped."
    })
final class ModelTrainCommand implements Callable<Integer> {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.98;
  private static final double CLIP_NORM = 1;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder for captioner/, filter/, loss-curve.csv, plan.json and the training's state.")
  private Path folder;

  @Option(names = "--steps", description = "Updates in all (default: ${DEFAULT-VALUE}).")
  private long steps = 5000;

  @Option(names = "--batch", description = "Images an update (default: ${DEFAULT-VALUE}).")
  private int batch = 64;

  @Option(
      names = "--captions-per-image",
      description = "Captions learned from each image (default: ${DEFAULT-VALUE}).")
  private int captionsPerImage = 2;

  @Option(
      names = "--image-size",
      description = "Side of the model's image in pixels (default: ${DEFAULT-VALUE}).")
  private int imageSize = 48;

  @Option(
      names = "--patch-size",
      description = "Side of a patch in pixels (default: ${DEFAULT-VALUE}).")
  private int patchSize = 12;

  @Option(
      names = "--width",
      description = "Width of vision and text layers (default: ${DEFAULT-VALUE}).")
  private int width = 128;

  @Option(names = "--heads", description = "Attention heads a layer (default: ${DEFAULT-VALUE}).")
  private int heads = 4;

  @Option(names = "--vision-layers", description = "Default: ${DEFAULT-VALUE}.")
  private int visionLayers = 4;

  @Option(names = "--text-layers", description = "Default: ${DEFAULT-VALUE}.")
  private int textLayers = 2;

  @Option(
      names = "--muon-rate",
      description = "Learning rate of linear layers (default: ${DEFAULT-VALUE}).")
  private double muonRate = 0.02;

  @Option(
      names = "--adam-rate",
      description = "Learning rate of everything else (default: ${DEFAULT-VALUE}).")
  private double adamRate = 1e-3;

  @Option(
      names = "--warmup-steps",
      description = "Updates until the rates are full (default: ${DEFAULT-VALUE}).")
  private int warmupSteps = 200;

  @Option(names = "--weight-decay", description = "Of matrices (default: ${DEFAULT-VALUE}).")
  private double weightDecay = 0.05;

  @Option(
      names = "--label-smoothing",
      description = "Of the language-modelling loss (default: ${DEFAULT-VALUE}).")
  private double labelSmoothing = 0.1;

  @Option(
      names = "--painted-size",
      description = "Side at which pictures are painted, in pixels (default: ${DEFAULT-VALUE}).")
  private int paintedSize = 192;

  @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--threads",
      description = "Threads that compute; one more draws (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--save-every",
      description = "Updates between two saved states (default: ${DEFAULT-VALUE}).")
  private long saveEvery = 250;

  @Override
  public Integer call() throws IOException {
    return ModelRuns.endedAtExit(this::train);
  }

  private int train() throws IOException {
    SceneTraining training;
    try {
      training =
          new SceneTraining(folder, plan(), new Curriculum(0.25, 0.5, paintedSize), saveEvery);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitStatus.WRONG_USE, e.getMessage(), e);
    }
    Trainer.useThreads(threads);
    try (ProgressBar bar =
        new ProgressBarBuilder().setTaskName("training").setInitialMax(steps).build()) {
      training.run(1, (step, losses) -> show(bar, step, losses));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailure(ExitStatus.FAILED, e.getMessage(), e);
    }
    return ExitStatus.DONE.code();
  }

  private TrainingPlan plan() {
    BlipConfig architecture =
        SceneTraining.architecture(imageSize, patchSize, width, heads, visionLayers, textLayers);
    return new TrainingPlan(
        architecture,
        steps,
        batch,
        captionsPerImage,
        muonRate,
        adamRate,
        warmupSteps,
        weightDecay,
        BETA1,
        BETA2,
        CLIP_NORM,
        labelSmoothing,
        seed);
  }

  private static void show(ProgressBar bar, long step, Losses losses) {
    ModelRuns.requireWanted();
    bar.stepTo(step);
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            "itc %.2f itm %.2f lm %.2f",
            losses.contrastive(),
            losses.matching(),
            losses.language()));
  }
}
