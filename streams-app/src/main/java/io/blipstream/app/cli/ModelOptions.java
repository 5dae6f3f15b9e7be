package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.MatchToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model judges, what it runs on, and how it captions and judges. */
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
      names = "--exif-orientation",
      description =
          "Turn images upright as their EXIF data say; the reference takes them as they are stored.")
  private boolean exifOrientation;

  @Mixin private DecodingOptions decoding;

  @Option(
      names = "--match-token",
      paramLabel = "cls|enc",
      defaultValue = "cls",
      description =
          "First token of a text whose match is judged: [CLS] as Hugging Face has it, [ENC] as the"
              + " original was trained (default: ${DEFAULT-VALUE}).")
  private MatchToken matchToken;

  @Option(
      names = "--clean-texts",
      description =
          "Judge texts in lower case and without punctuation, as the original was trained; they are"
              + " reported as they came.")
  private boolean cleanTexts;

  @Mixin private SimulatedOptions simulated;

  ModelOptions(ModelSource source) {
    this.source = source;
  }

  /**
   * Checks what was asked for, and gives what loads it: to be called before anything is started.
   *
   * @return throws CommandFailure if a folder holds no usable model
   * @throws CommandFailure if flags contradict each other
   */
  Supplier<CapFilt> loader() {
    CapFiltOptions options = options();
    Optional<ModelSource.Folders> from =
        Optional.ofNullable(folders)
            .map(both -> new ModelSource.Folders(both.captioner, both.filter));
    return () -> {
      try {
        return engine == Engine.SIMULATED ? simulated.engine() : source.load(from, options);
      } catch (IOException e) {
        throw new CommandFailure(ExitStatus.FAILED, e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw wrongUse(e);
      }
    };
  }

  private CapFiltOptions options() {
    try {
      CapFiltOptions.Builder options =
          CapFiltOptions.builder()
              .device(device == Device.GPU ? ComputeDevice.GPU : ComputeDevice.CPU)
              .threads(threads)
              .exifOrientation(exifOrientation)
              .matchToken(matchToken)
              .cleanTexts(cleanTexts);
      decoding.enter(options);
      return options.build();
    } catch (IllegalArgumentException e) {
      throw wrongUse(e);
    }
  }

  /** Settings speak in half sentences, as parts of longer ones. */
  private static CommandFailure wrongUse(IllegalArgumentException e) {
    String words = e.getMessage();
    return new CommandFailure(
        ExitStatus.WRONG_USE,
        words.substring(0, 1).toUpperCase(Locale.ROOT)
            + words.substring(1)
            + (words.endsWith(".") ? "" : "."),
        e);
  }
}
