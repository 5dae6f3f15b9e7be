package io.blipstream.app.cli;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.EngineKind;
import io.blipstream.model.EngineRequest;
import io.blipstream.model.ImageDecoding;
import io.blipstream.model.MatchToken;
import io.blipstream.model.NumericPrecision;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model judges, what it runs on, and how it captions and judges. */
final class ModelOptions {

  private final ModelSource source;

  @Mixin private EngineOptions engine;

  @ArgGroup(exclusive = false)
  private FolderOptions folders;

  @Option(
      names = "--image-decoding",
      paramLabel = "exact|scaled",
      defaultValue = "exact",
      description =
          "exact: the reference's pixels; scaled: JPEGs at least twice as large as the model takes"
              + " are decoded at 1/2, 1/4 or 1/8, which is faster and changes pixels a little"
              + " (default: ${DEFAULT-VALUE}).")
  private ImageDecoding imageDecoding;

  @Option(
      names = "--exif-orientation",
      description =
          "Turn images upright as their EXIF data say; the reference takes them as they are"
              + " stored.")
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
    if (engine.isSimulated()) {
      options(EngineRequest::any, imageDecoding);
      return simulated::engine;
    }
    return loader(options(engine::request, imageDecoding));
  }

  /**
   * The same for the reference engine, libtorch in 32 bits, and the reference's pixels, whatever
   * the flags say of engines and decoding.
   */
  Supplier<CapFilt> referenceLoader() {
    return loader(
        options(
            () ->
                new EngineRequest(
                    Optional.of(EngineKind.PYTORCH),
                    Optional.of(ComputeDevice.CPU),
                    Optional.of(NumericPrecision.FP32),
                    0),
            ImageDecoding.EXACT));
  }

  private Supplier<CapFilt> loader(CapFiltOptions options) {
    Optional<ModelSource.Folders> from = Optional.ofNullable(folders).map(FolderOptions::folders);
    return () -> {
      try {
        return source.load(from, options);
      } catch (IOException e) {
        throw new CommandFailure(ExitStatus.FAILED, e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw CommandFailure.wrongUse(e);
      }
    };
  }

  private CapFiltOptions options(
      Supplier<EngineRequest> engineRequest, ImageDecoding imageDecoding) {
    try {
      CapFiltOptions.Builder options =
          CapFiltOptions.builder()
              .imageDecoding(imageDecoding)
              .exifOrientation(exifOrientation)
              .matchToken(matchToken)
              .cleanTexts(cleanTexts)
              .engine(engineRequest.get());
      decoding.enter(options);
      return options.build();
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse(e);
    }
  }
}
