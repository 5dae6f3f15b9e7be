package io.blipstream.model.train;

import ai.djl.ndarray.NDArray;
import io.blipstream.model.checkpoint.FloatTensor;
import io.blipstream.model.checkpoint.Precision;
import io.blipstream.model.checkpoint.SafetensorsFile;
import io.blipstream.model.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A training in a file: parameters, the optimizer's moments, and how many updates were made. */
final class TrainingState {

  static final String FILE = "training-state.safetensors";

  private static final String MEAN = "mean.";
  private static final String VARIANCE = "variance.";
  private static final String STEP = "step";

  private TrainingState() {}

  static void save(Path file, long step, TrainableParameters parameters, Optimizer optimizer)
      throws IOException {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    // Exact in 32 bits up to 16 million updates.
    tensors.put(STEP, FloatTensor.of(new float[] {step}, 1));
    put(tensors, "", parameters.all());
    put(tensors, MEAN, optimizer.means());
    put(tensors, VARIANCE, optimizer.variances());
    SafetensorsWriter.write(file, tensors, Precision.F32);
  }

  /** Returns how many updates the state has behind it. */
  static long load(Path file, TrainableParameters parameters, Optimizer optimizer)
      throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      read(tensors, "", parameters.all());
      read(tensors, MEAN, optimizer.means());
      read(tensors, VARIANCE, optimizer.variances());
      long step = (long) tensors.readFloats(STEP)[0];
      optimizer.resume(step);
      return step;
    }
  }

  private static void put(
      Map<String, FloatTensor> tensors, String prefix, Map<String, NDArray> arrays) {
    arrays.forEach(
        (name, array) ->
            tensors.put(
                prefix + name, FloatTensor.lazy(array::toFloatArray, array.getShape().getShape())));
  }

  private static void read(SafetensorsFile tensors, String prefix, Map<String, NDArray> arrays)
      throws IOException {
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      entry.getValue().set(tensors.readFloats(prefix + entry.getKey()));
    }
  }
}
