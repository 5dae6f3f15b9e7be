package io.blipstream.model.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.EngineKind;
import io.blipstream.model.EngineRequest;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What 8 bits cost, whatever this processor can do in them. */
class Int8QualityTest {

  @Test
  void shouldSayNearlyAlwaysWhat32BitsSay() throws IOException {
    try (CapFilt engine = bundled(NumericPrecision.INT8);
        CapFilt reference = bundled(NumericPrecision.FP32)) {
      EngineAgreement agreement =
          EngineAgreement.of(engine, reference, 0.5, 300, 4242, Pictures.DEMO, done -> {});

      assertThat(agreement.sameCaptions()).isGreaterThanOrEqualTo(0.95);
      assertThat(agreement.itmDifferenceMean()).isLessThanOrEqualTo(0.003);
      assertThat(agreement.verdictFlipShare()).isLessThanOrEqualTo(0.005);
    }
  }

  private static CapFilt bundled(NumericPrecision precision) throws IOException {
    EngineRequest request =
        new EngineRequest(
            Optional.of(EngineKind.ONNX),
            Optional.of(ComputeDevice.CPU),
            Optional.of(precision),
            0);
    return CapFilts.bundled(
        CapFiltOptions.builder().engine(request).build(), PreparationListener.NONE);
  }
}
