package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.RandomCheckpoint;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
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

/** Batch after batch, no array and no memory stays behind. */
class FlatMemoryTest {

  /** By then the JIT compilers, whose memory is resident too, are done with this code. */
  private static final int WARM_UP = 600;

  private static final int BATCHES = 1_000;

  /** Twice this would be lost if the images' keys and values, 35 KB a batch, were never freed. */
  private static final long ALLOWED_BYTES = 16L << 20;

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKeepMemoryFlatOverAThousandBatches() throws IOException {
    RandomCheckpoint.write(
        folder.resolve("captioner"), Architecture.CAPTIONER, RandomCheckpoint.TINY, 1, 2);
    RandomCheckpoint.write(
        folder.resolve("filter"), Architecture.FILTER, RandomCheckpoint.TINY, 1, 3);
    try (Checkpoint captionerFiles = Checkpoint.open(folder.resolve("captioner"));
        Checkpoint filterFiles = Checkpoint.open(folder.resolve("filter"));
        PyTorchEngine engine = PyTorchEngine.start(ComputeDevice.CPU, 1)) {
      VisionModel vision = engine.vision(captionerFiles);
      CaptionModel captioner = engine.captioner(captionerFiles);
      FilterModel filter = engine.filter(filterFiles);
      PixelBatch pixels = BlipEngineContract.pixels(1, 2, 3, 4);
      for (int i = 0; i < WARM_UP; i++) {
        WholeBatch.run(vision, captioner, filter, pixels);
      }
      int arrays = engine.liveArrays();
      long resident = WholeBatch.residentBytes();
      for (int i = 0; i < BATCHES; i++) {
        WholeBatch.run(vision, captioner, filter, pixels);
      }
      assertThat(engine.liveArrays()).isEqualTo(arrays);
      assertThat(WholeBatch.residentBytes() - resident).isLessThan(ALLOWED_BYTES);
    }
  }

  /** The control: the count does see what an operation outside a scope leaves behind. */
  @Test
  void shouldNoticeAnArrayThatStaysBehind() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      int before = manager.getManagedArrays().size();
      NDArray one = manager.ones(new Shape(1));
      NDArray sum = one.add(one);
      assertThat(sum.getManager()).isSameAs(manager);
      assertThat(manager.getManagedArrays()).hasSize(before + 2);
    }
  }
}
