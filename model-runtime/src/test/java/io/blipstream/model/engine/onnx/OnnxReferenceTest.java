package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.ComputeDevice;
import io.blipstream.model.NumericPrecision;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.verify.CheckResult;
import io.blipstream.model.verify.ReferenceVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded network in 32 bits against outputs of transformers 5.18 and Pillow. */
class OnnxReferenceTest {

  @ParameterizedTest
  @MethodSource("io.blipstream.model.ReferenceFiles#verifiable")
  void shouldComputeWhatTheReferenceStates(Path reference, int checks) throws IOException {
    List<CheckResult> results = new ArrayList<>();
    try (BlipEngine engine =
        OnnxEngine.start(ComputeDevice.CPU, NumericPrecision.FP32, 1, PreparationListener.NONE)) {
      new ReferenceVerification(engine).run(reference, results::add);
    }
    assertThat(results).hasSize(checks).allMatch(CheckResult::ok);
  }
}
