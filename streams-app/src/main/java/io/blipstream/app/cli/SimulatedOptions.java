package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.engine.simulated.SimulatedAnswers;
import io.blipstream.model.engine.simulated.SimulatedCapFilt;
import io.blipstream.model.engine.simulated.SimulatedSettings;
import io.blipstream.model.image.ImageDecoder;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How the simulated engine behaves: how long it takes, and how it fails. */
final class SimulatedOptions {

  private static final double NANOS_PER_MILLI = 1e6;

  @Option(
      names = "--batch-millis",
      paramLabel = "MS",
      defaultValue = "20",
      description =
          "Simulated engine: time that every batch takes, in milliseconds"
              + " (default: ${DEFAULT-VALUE}).")
  private double batchMillis;

  @Option(
      names = "--item-millis",
      paramLabel = "MS",
      defaultValue = "0.2",
      description =
          "Simulated engine: time that every image of a batch adds (default: ${DEFAULT-VALUE}).")
  private double itemMillis;

  @Option(
      names = "--fail-rate",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Simulated engine: share of images that it fails on, in whatever batch they are"
              + " (default: ${DEFAULT-VALUE}).")
  private double failRate;

  @Option(
      names = "--oom-above",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Simulated engine: it runs out of memory in batches of more than N; 0: never (default).")
  private int oomAbove;

  @Option(
      names = "--hang-rate",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Simulated engine: share of batches that hang for --hang-millis before they are computed"
              + " (default: ${DEFAULT-VALUE}).")
  private double hangRate;

  @Option(
      names = "--hang-millis",
      paramLabel = "MS",
      defaultValue = "30000",
      description = "Simulated engine: how long a batch hangs (default: ${DEFAULT-VALUE}).")
  private double hangMillis;

  @Option(
      names = "--image-side",
      paramLabel = "N",
      defaultValue = "384",
      description =
          "Simulated engine: images are decoded and resized to N x N pixels, which costs what it"
              + " costs with a real model; 0 takes any bytes for an image, at no cost"
              + " (default: ${DEFAULT-VALUE}).")
  private int imageSide;

  @Option(
      names = "--engine-seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Simulated engine: which captions, scores and failures; a seed gives an image the same"
              + " ones always (default: ${DEFAULT-VALUE}).")
  private long seed;

  /**
   * The engine that these options describe.
   *
   * @throws CommandFailure if a value is out of its bounds, or the disk has no room for what
   *     decodes images
   */
  CapFilt engine() {
    try {
      if (imageSide > 0) {
        ImageDecoder.loadNative();
      }
      return new SimulatedCapFilt(
          new SimulatedSettings(
              new SimulatedAnswers(seed, failRate),
              millis(batchMillis),
              millis(itemMillis),
              oomAbove,
              hangRate,
              millis(hangMillis),
              imageSide));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE, "The simulated engine: " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new CommandFailure(ExitStatus.FAILED, e.getMessage(), e);
    }
  }

  private static Duration millis(double value) {
    return Duration.ofNanos(Math.round(value * NANOS_PER_MILLI));
  }
}
