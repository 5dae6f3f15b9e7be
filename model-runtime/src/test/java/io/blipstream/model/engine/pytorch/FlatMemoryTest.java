package io.blipstream.model.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.ComputeDevice;
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

  private static final int STRETCHES = 6;
  private static final int BATCHES = 166;

  /** A stretch leaves more than three times this if the images' keys and values stay. */
  private static final long ALLOWED_BYTES = 1L << 20;

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKeepMemoryFlatBatchAfterBatch() throws IOException {
    try (PyTorchEngine engine = PyTorchEngine.start(ComputeDevice.CPU, 1)) {
      WholeBatch batch = WholeBatch.on(engine, folder);
      batch.run(WARM_UP);
      int arrays = engine.liveArrays();
      long growth = batch.medianGrowth(STRETCHES, BATCHES);
      assertThat(engine.liveArrays()).isEqualTo(arrays);
      assertThat(growth).isLessThan(ALLOWED_BYTES);
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
