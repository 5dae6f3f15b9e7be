package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.engine.BlipEngine;
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

  private static final int STRETCHES = 6;
  private static final int BATCHES = 333;

  /** A stretch leaves ten times this if results, 126 KB a batch, stay. */
  private static final long ALLOWED_BYTES = 4L << 20;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKeepMemoryFlatBatchAfterBatch(@TempDir Path folder) throws IOException {
    try (BlipEngine engine =
        OnnxEngine.start(ComputeDevice.CPU, NumericPrecision.INT8, 2, PreparationListener.NONE)) {
      WholeBatch batch = WholeBatch.on(engine, folder);
      batch.run(WARM_UP);
      assertThat(batch.medianGrowth(STRETCHES, BATCHES)).isLessThan(ALLOWED_BYTES);
    }
  }
}
