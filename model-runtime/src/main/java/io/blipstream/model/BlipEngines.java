package io.blipstream.model;

import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.onnx.OnnxEngine;
import io.blipstream.model.engine.pytorch.PyTorchEngine;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which engine runs BLIP, where several can. */
public final class BlipEngines {

  private static final Logger log = LoggerFactory.getLogger(BlipEngines.class);

  private BlipEngines() {}

  /**
   * Chooses what a request leaves open: a GPU that native libraries are there for, else the CPU;
   * there ONNX Runtime in 8 bits, or libtorch where ONNX Runtime is not to be had.
   *
   * @throws IllegalArgumentException if no engine does what is asked for
   */
  public static EnginePlan plan(EngineRequest request) {
    return plan(request, NativeRuntimes.here());
  }

  static EnginePlan plan(EngineRequest request, NativeRuntimes runtimes) {
    ComputeDevice device = request.device().orElseGet(() -> device(request.kind(), runtimes));
    EngineKind kind = request.kind().orElseGet(() -> kind(device, request.precision(), runtimes));
    NumericPrecision precision = request.precision().orElseGet(() -> precision(kind, device));
    require(kind, device, precision);
    return new EnginePlan(
        kind, device, precision, request.threads(), reason(request, kind, device, runtimes));
  }

  private static ComputeDevice device(Optional<EngineKind> kind, NativeRuntimes runtimes) {
    boolean torch = runtimes.torchHasCuda() && !kind.equals(Optional.of(EngineKind.ONNX));
    boolean onnx = runtimes.onnxHasCuda() && !kind.equals(Optional.of(EngineKind.PYTORCH));
    return torch || onnx ? ComputeDevice.GPU : ComputeDevice.CPU;
  }

  private static EngineKind kind(
      ComputeDevice device, Optional<NumericPrecision> precision, NativeRuntimes runtimes) {
    return switch (device) {
      case TENSORRT -> EngineKind.ONNX;
      // libtorch keeps what a decoding step leaves for the next on the device; ONNX Runtime's Java
      // interface brings it to the host and back.
      case GPU ->
          runtimes.torchHasCuda()
                  && precision.orElse(NumericPrecision.FP32) == NumericPrecision.FP32
              ? EngineKind.PYTORCH
              : EngineKind.ONNX;
      case CPU -> runtimes.onnxMissing().isEmpty() ? EngineKind.ONNX : EngineKind.PYTORCH;
    };
  }

  private static NumericPrecision precision(EngineKind kind, ComputeDevice device) {
    if (kind == EngineKind.PYTORCH) {
      return NumericPrecision.FP32;
    }
    return device == ComputeDevice.CPU ? NumericPrecision.INT8 : NumericPrecision.FP16;
  }

  private static void require(EngineKind kind, ComputeDevice device, NumericPrecision precision) {
    if (kind == EngineKind.PYTORCH && device == ComputeDevice.TENSORRT) {
      throw new IllegalArgumentException("TensorRT is reached through the onnx engine only");
    }
    if (kind == EngineKind.PYTORCH && precision != NumericPrecision.FP32) {
      throw new IllegalArgumentException("the pytorch engine computes in fp32 only");
    }
    if (precision == NumericPrecision.INT8 && device != ComputeDevice.CPU) {
      throw new IllegalArgumentException("int8 is for the CPU; a GPU takes fp32 or fp16");
    }
  }

  private static String reason(
      EngineRequest request, EngineKind kind, ComputeDevice device, NativeRuntimes runtimes) {
    if (request.kind().isPresent() && request.device().isPresent()) {
      return "as asked for";
    }
    if (device != ComputeDevice.CPU) {
      return "libraries for CUDA are there";
    }
    if (kind == EngineKind.PYTORCH && request.kind().isEmpty()) {
      return "ONNX Runtime is missing here: " + runtimes.onnxMissing().orElse("");
    }
    return request.device().isPresent() ? "as asked for" : "no libraries for CUDA are there";
  }

  /**
   * Starts an engine, and says in one line of the log which and why.
   *
   * @param listener is told when a checkpoint is prepared for it, which happens once
   * @throws InferenceException if its native libraries or the device are not there
   */
  public static BlipEngine start(EnginePlan plan, PreparationListener listener) {
    log.info("Engine: {} ({}).", plan.description(), plan.reason());
    return switch (plan.kind()) {
      case PYTORCH -> PyTorchEngine.start(plan.device(), plan.threads());
      case ONNX -> OnnxEngine.start(plan.device(), plan.precision(), plan.threads(), listener);
    };
  }

  /**
   * Lets no model of this process compute any more, and waits for what is being computed: to be
   * called before the process exits, since native code that computes meanwhile crashes it.
   *
   * @return whether all ended in time
   */
  public static boolean endRuns(Duration timeout) throws InterruptedException {
    return OnnxEngine.endRuns(timeout);
  }
}
