package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.BlipEngineContract;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.engine.WholeBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Batch after batch, no memory stays behind. */
class OnnxFlatMemoryTest {

  /** By then the JIT compilers, whose memory is resident too, are done with this code. */
  private static final int WARM_UP = 1_000;

  private static final int BATCHES = 2_000;

  /** Results that stayed would take 126 KB a batch. */
  private static final long ALLOWED_BYTES = 16L << 20;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKeepMemoryFlatOverTwoThousandBatches(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(
        folder.resolve("captioner"), Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
    RandomCheckpoint.write(
        folder.resolve("filter"), Architecture.FILTER, RandomCheckpoint.TINY, 1, 3);
    try (Checkpoint captionerFiles = Checkpoint.open(folder.resolve("captioner"));
        Checkpoint filterFiles = Checkpoint.open(folder.resolve("filter"));
        BlipEngine engine =
            OnnxEngine.start(
                ComputeDevice.CPU, NumericPrecision.INT8, 2, PreparationListener.NONE)) {
      VisionModel vision = engine.vision(captionerFiles);
      CaptionModel captioner = engine.captioner(captionerFiles);
      FilterModel filter = engine.filter(filterFiles);
      PixelBatch pixels = BlipEngineContract.pixels(1, 2, 3, 4);
      for (int i = 0; i < WARM_UP; i++) {
        WholeBatch.run(vision, captioner, filter, pixels);
      }
      long resident = WholeBatch.residentBytes();
      for (int i = 0; i < BATCHES; i++) {
        WholeBatch.run(vision, captioner, filter, pixels);
      }
      assertThat(WholeBatch.residentBytes() - resident).isLessThan(ALLOWED_BYTES);
    }
  }
}
