package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model judges and what it runs on. */
final class ModelOptions {

  private final ModelSource source;

  @Option(
      names = "--engine",
      paramLabel = "pytorch|simulated",
      defaultValue = "pytorch",
      description =
          "What computes; simulated takes a stated time and makes its answers up, to try a set-up"
              + " or size a cluster (default: ${DEFAULT-VALUE}).")
  private Engine engine;

  enum Engine {
    PYTORCH,
    SIMULATED
  }

  @ArgGroup(exclusive = false)
  private Folders folders;

  /** Both or none: the bundled models belong together. */
  static final class Folders {
    @Option(
        names = "--captioner",
        required = true,
        paramLabel = "DIR",
        description =
            "Hugging Face folder of a BLIP captioning model (default, without --filter: the small"
                + " bundled model, which knows only drawn scenes).")
    private Path captioner;

    @Option(
        names = "--filter",
        required = true,
        paramLabel = "DIR",
        description = "Hugging Face folder of a BLIP image-text retrieval model.")
    private Path filter;
  }

  @Option(
      names = "--device",
      paramLabel = "cpu|gpu",
      defaultValue = "cpu",
      description = "What the model runs on (default: ${DEFAULT-VALUE}).")
  private Device device;

  enum Device {
    CPU,
    GPU
  }

  @Option(
      names = "--model-threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Cores for one operation of the model; 0: as the engine likes (default).")
  private int threads;

  @Option(
      names = "--max-caption-tokens",
      paramLabel = "N",
      defaultValue = "20",
      description = "Longest caption, in tokens (default: ${DEFAULT-VALUE}).")
  private int maxCaptionTokens;

  @Mixin private SimulatedOptions simulated;

  ModelOptions(ModelSource source) {
    this.source = source;
  }

  /**
   * Loads the model.
   *
   * @throws CommandFailure if a folder holds no usable model
   */
  CapFilt load() {
    try {
      if (engine == Engine.SIMULATED) {
        return simulated.engine();
      }
      return source.load(
          Optional.ofNullable(folders)
              .map(both -> new ModelSource.Folders(both.captioner, both.filter)),
          new ModelSource.Settings(device == Device.GPU, threads, maxCaptionTokens));
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(ExitStatus.FAILED, e.getMessage(), e);
    }
  }
}
