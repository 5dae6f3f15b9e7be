package io.blipstream.model;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.checkpoint.CheckpointWriter;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.FloatTensor;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.Precision;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.checkpoint.VisionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes checkpoints with random weights, large enough that every layer matters. */
public final class RandomCheckpoint {

  /** A BLIP of a few thousand parameters with no two sizes alike. */
  public static final BlipConfig TINY =
      new BlipConfig(
          new VisionConfig(24, 2, 3, 40, 32, 8, 1e-5f),
          new TextConfig(60, 32, 2, 4, 48, 40, 1e-12f, 58, 3, 0),
          12);

  private static final double DEVIATION = 0.3;

  private RandomCheckpoint() {}

  /** The same vision seed gives the same vision weights, for a captioner and a filter alike. */
  public static void write(
      Path folder, Architecture architecture, BlipConfig config, long visionSeed, long textSeed)
      throws IOException {
    write(folder, architecture, config, visionSeed, textSeed, DEVIATION);
  }

  /** Writes weights of another deviation, each made when its turn comes: any size fits. */
  public static void write(
      Path folder,
      Architecture architecture,
      BlipConfig config,
      long visionSeed,
      long textSeed,
      double deviation)
      throws IOException {
    Map<String, long[]> shapes = architecture.parameters(config);
    SplittableRandom vision = new SplittableRandom(visionSeed);
    SplittableRandom text = new SplittableRandom(textSeed);
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          if (!weights.containsKey(BlipParameters.tied(name))) {
            SplittableRandom random = name.startsWith("vision_model.") ? vision : text;
            // They are written in this order, each once.
            weights.put(
                name, FloatTensor.lazy(() -> values(random, name, deviation, shape), shape));
          }
        });
    CheckpointWriter.write(
        folder,
        architecture,
        config,
        ImagePreprocessing.ofSize(config.vision().imageSize()),
        weights,
        Precision.F32);
  }

  private static float[] values(
      SplittableRandom random, String name, double deviation, long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= Math.toIntExact(extent);
    }
    boolean gain = name.matches(".*(norm|Norm)\\d?\\.weight");
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) ((gain ? 1 : 0) + deviation * random.nextGaussian());
    }
    return values;
  }
}
