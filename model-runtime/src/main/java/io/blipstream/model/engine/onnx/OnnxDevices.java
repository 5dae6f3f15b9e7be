package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.InferenceException;
import io.blipstream.model.NumericPrecision;

/** How ONNX Runtime is set up for a device. */
final class OnnxDevices {

  private OnnxDevices() {}

  /**
   * Options for sessions on a device.
   *
   * @throws InferenceException if this build of the runtime cannot use the device
   */
  static SessionOptions options(ComputeDevice device, NumericPrecision precision)
      throws OrtException {
    // Its warnings are about graphs, and for us; what its users need to know comes as exceptions.
    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "blipstream");
    SessionOptions options = new SessionOptions();
    try {
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      // Images share no core, so an operation has one thread.
      options.setIntraOpNumThreads(1);
      switch (device) {
        case CPU -> {}
        case GPU -> {
          require(OrtProvider.CUDA, "CUDA");
          options.addCUDA();
        }
      }
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  private static void require(OrtProvider provider, String name) {
    if (!OrtEnvironment.getAvailableProviders().contains(provider)) {
      throw new InferenceException(
          "this ONNX Runtime was built without %s; point the system property".formatted(name)
              + " onnxruntime.native.path to the libraries of one that has it, or choose the CPU.");
    }
  }
}
