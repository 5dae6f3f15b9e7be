package io.blipstream.model.train;

import ai.djl.ndarray.NDArray;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.checkpoint.CheckpointWriter;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.FloatTensor;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights of a training, to be written as the two checkpoints that CapFilt runs. */
public final class TrainedWeights {

  private final BlipConfig config;
  private final TrainableParameters parameters;

  TrainedWeights(BlipConfig config, TrainableParameters parameters) {
    this.config = config;
    this.parameters = parameters;
  }

  /** Writes a captioning checkpoint: {@code config.json}, preprocessing and weights. */
  public void writeCaptioner(Path folder, ImagePreprocessing preprocessing, Precision precision)
      throws IOException {
    write(
        folder, Architecture.CAPTIONER, BlipParameters.captioner(config), preprocessing, precision);
  }

  /** Writes a retrieval checkpoint, the filter. */
  public void writeFilter(Path folder, ImagePreprocessing preprocessing, Precision precision)
      throws IOException {
    write(folder, Architecture.FILTER, BlipParameters.filter(config), preprocessing, precision);
  }

  private void write(
      Path folder,
      Architecture architecture,
      Map<String, long[]> names,
      ImagePreprocessing preprocessing,
      Precision precision)
      throws IOException {
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    names.forEach(
        (name, shape) -> {
          if (TrainableParameters.written(name)) {
            NDArray array = parameters.get(name);
            weights.put(name, FloatTensor.lazy(array::toFloatArray, shape));
          }
        });
    CheckpointWriter.write(folder, architecture, config, preprocessing, weights, precision);
  }
}
