package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.blipstream.model.CacheFolder;
import io.blipstream.model.ComputeDevice;
import io.blipstream.model.InferenceException;
import io.blipstream.model.NumericPrecision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How ONNX Runtime is set up for a device. */
final class OnnxDevices {

  private OnnxDevices() {}

  /** Why the runtime's native library cannot be loaded; empty if it can. */
  static Optional<String> missing() {
    try {
      environment();
      return Optional.empty();
    } catch (LinkageError | IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Whether this build of the runtime knows a kind of device. */
  static boolean has(OrtProvider provider) {
    return OrtEnvironment.getAvailableProviders().contains(provider);
  }

  /**
   * Options for sessions on a device.
   *
   * @throws InferenceException if this build of the runtime cannot use the device
   */
  static SessionOptions options(ComputeDevice device, NumericPrecision precision)
      throws OrtException {
    missing()
        .ifPresent(
            why -> {
              throw new InferenceException("ONNX Runtime cannot be loaded: " + why);
            });
    SessionOptions options = new SessionOptions();
    try {
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      // Images share no core, so an operation has one thread.
      options.setIntraOpNumThreads(1);
      if (device == ComputeDevice.TENSORRT) {
        require(OrtProvider.TENSOR_RT, "TensorRT");
        addTensorRt(options, precision);
      }
      if (device != ComputeDevice.CPU) {
        require(OrtProvider.CUDA, "CUDA");
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
          options.addCUDA(cuda);
        }
      }
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  /** Compiled engines are kept: making one takes minutes. */
  private static void addTensorRt(SessionOptions options, NumericPrecision precision)
      throws OrtException {
    Path cache = CacheFolder.path().resolve("tensorrt");
    try {
      Files.createDirectories(cache);
    } catch (IOException e) {
      throw new UncheckedIOException("TensorRT's engines cannot be kept in " + cache, e);
    }
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(0)) {
      tensorRt.add("trt_fp16_enable", precision == NumericPrecision.FP16 ? "1" : "0");
      tensorRt.add("trt_engine_cache_enable", "1");
      tensorRt.add("trt_engine_cache_path", cache.toString());
      tensorRt.add("trt_timing_cache_enable", "1");
      tensorRt.add("trt_timing_cache_path", cache.toString());
      options.addTensorrt(tensorRt);
    }
  }

  private static OrtEnvironment environment() {
    // Its warnings are about graphs, and for us; what its users need to know comes as exceptions.
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "blipstream");
  }

  private static void require(OrtProvider provider, String name) {
    if (!has(provider)) {
      throw new InferenceException(
          "This ONNX Runtime was built without %s: point the system property".formatted(name)
              + " onnxruntime.native.path to the libraries of one that has it, or choose the CPU.");
    }
  }
}
