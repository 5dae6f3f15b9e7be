package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.InferenceException;
import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.BlipEngineContract;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.EncodedImages;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PyTorchEngineTest extends BlipEngineContract {

  @Override
  protected BlipEngine start(int threads) {
    return PyTorchEngine.start(ComputeDevice.CPU, threads);
  }

  @Test
  void shouldFreeWhatItLoadedAndNothingElse(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(folder, Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        PyTorchEngine engine = PyTorchEngine.start(ComputeDevice.CPU, 1)) {
      engine.vision(checkpoint);
      int before = engine.liveArrays();
      try (PyTorchEngine other = PyTorchEngine.start(ComputeDevice.CPU, 1)) {
        other.vision(checkpoint);
        assertThat(other.liveArrays()).isPositive();
      }
      assertThat(engine.liveArrays()).isEqualTo(before);
    }
  }

  @Test
  void shouldFreeWhatAFailedInferenceMade(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(folder, Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
    int unknownToken = RandomCheckpoint.TINY.text().vocabularySize();
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        PyTorchEngine engine = PyTorchEngine.start(ComputeDevice.CPU, 1)) {
      CaptionModel captioner = engine.captioner(checkpoint);
      try (EncodedImages images = engine.vision(checkpoint).encode(pixels(1))) {
        int before = engine.liveArrays();
        assertThatThrownBy(() -> captioner.start(images, unknownToken))
            .isInstanceOf(InferenceException.class);
        assertThat(engine.liveArrays()).isEqualTo(before);
      }
    }
  }
}
