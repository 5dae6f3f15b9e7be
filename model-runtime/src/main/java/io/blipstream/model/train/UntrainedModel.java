package io.blipstream.model.train;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.CheckpointWriter;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.FloatTensor;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.Precision;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A BLIP before any training: a captioner and a filter of a stated size, as folders that we and
 * Hugging Face transformers load alike. What it says means nothing, but it computes as much as a
 * trained one, so speed and memory can be measured without a download.
 *
 * <p>Weights are {@link InitialValues}, the same on every run and every machine; the vocabulary is
 * made up.
 */
public final class UntrainedModel {

  /** Words of every such model's vocabulary: ten tokens, and with their frames twelve. */
  public static final String TEXT =
      "word200 word201 word202 word203 word204 word205 word206 word207 word208 word209";

  private static final long CAPTIONER_VISION = 1;
  private static final long CAPTIONER_TEXT = 2;
  private static final long FILTER_VISION = 3;
  private static final long FILTER_TEXT = 4;

  private static final int SEPARATOR = 102;

  private final BlipConfig config;

  /** How large a model is. */
  public enum Size {
    /** Some thousands of weights and images of 64 x 64, to try something out. */
    TINY,
    /** As Salesforce's {@code blip-image-captioning-base} and {@code blip-itm-base-coco}. */
    BASE,
    /** As the large ones, whose text transformer is no larger than that of base. */
    LARGE;

    private BlipConfig config() {
      return switch (this) {
        case TINY ->
            new BlipConfig(
                new VisionConfig(64, 2, 2, 128, 64, 16, 1e-5f),
                new TextConfig(512, 64, 2, 2, 128, 64, 1e-12f, 510, SEPARATOR, 0),
                32);
        case BASE -> official(new VisionConfig(768, 12, 12, 3072, 384, 16, 1e-5f));
        case LARGE -> official(new VisionConfig(1024, 24, 16, 4096, 384, 16, 1e-5f));
      };
    }

    private static BlipConfig official(VisionConfig vision) {
      return new BlipConfig(
          vision, new TextConfig(30524, 768, 12, 12, 3072, 512, 1e-12f, 30522, SEPARATOR, 0), 256);
    }
  }

  private UntrainedModel(BlipConfig config) {
    this.config = config;
  }

  public static UntrainedModel ofSize(Size size) {
    return new UntrainedModel(size.config());
  }

  /** Writes a captioner; 1 GB for base, 1.9 GB for large. */
  public void writeCaptioner(Path folder) throws IOException {
    write(folder, Architecture.CAPTIONER, CAPTIONER_VISION, CAPTIONER_TEXT);
  }

  /**
   * Writes a filter; 0.9 GB for base, 1.8 GB for large.
   *
   * @param sameVision with the captioner's vision weights, so that an image is encoded once for
   *     both; those of the official checkpoints differ
   */
  public void writeFilter(Path folder, boolean sameVision) throws IOException {
    write(folder, Architecture.FILTER, sameVision ? CAPTIONER_VISION : FILTER_VISION, FILTER_TEXT);
  }

  private void write(Path folder, Architecture architecture, long visionSeed, long textSeed)
      throws IOException {
    Map<String, long[]> shapes = architecture.parameters(config);
    InitialValues vision = new InitialValues(visionSeed);
    InitialValues text = new InitialValues(textSeed);
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          if (TrainableParameters.written(name)) {
            InitialValues values = name.startsWith("vision_model.") ? vision : text;
            // Each is made when its turn comes: in this order, once.
            weights.put(name, FloatTensor.lazy(() -> values.of(name, shape), shape));
          }
        });
    Files.createDirectories(folder);
    Files.write(folder.resolve("vocab.txt"), MadeUpVocabulary.of(config.text()));
    CheckpointWriter.write(
        folder,
        architecture,
        config,
        ImagePreprocessing.ofSize(config.vision().imageSize()),
        weights,
        Precision.F32);
  }
}
