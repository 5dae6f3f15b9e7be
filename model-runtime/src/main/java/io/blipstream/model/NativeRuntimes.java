package io.blipstream.model;

import io.blipstream.model.engine.onnx.OnnxEngine;
import io.blipstream.model.engine.pytorch.PyTorchEngine;
import java.util.Optional;

/**
 * Which native libraries this process can load.
 *
 * @param onnxMissing why ONNX Runtime cannot be used; empty if it can
 * @param onnxHasCuda whether it was built for CUDA
 * @param torchHasCuda whether a libtorch for CUDA is configured
 */
record NativeRuntimes(Optional<String> onnxMissing, boolean onnxHasCuda, boolean torchHasCuda) {

  static NativeRuntimes here() {
    Optional<String> missing = OnnxEngine.missing();
    return new NativeRuntimes(
        missing, missing.isEmpty() && OnnxEngine.hasCuda(), PyTorchEngine.isConfiguredForCuda());
  }
}
