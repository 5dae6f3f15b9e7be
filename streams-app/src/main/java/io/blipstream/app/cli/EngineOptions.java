package io.blipstream.app.cli;

import io.blipstream.model.BlipEngines;
import io.blipstream.model.EngineKind;
import io.blipstream.model.EnginePlan;
import io.blipstream.model.EngineRequest;
import io.blipstream.model.NumericPrecision;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What computes, and on what. */
final class EngineOptions {

  @Option(
      names = "--engine",
      paramLabel = "auto|onnx|pytorch|simulated",
      defaultValue = "auto",
      description =
          "What computes; auto takes onnx on a CPU and pytorch on a GPU, as far as they are there;"
              + " simulated takes a stated time and makes its answers up, to try a set-up or size a"
              + " cluster (default: ${DEFAULT-VALUE}).")
  private Engine engine;

  enum Engine {
    AUTO,
    ONNX,
    PYTORCH,
    SIMULATED
  }

  @Mixin private DeviceOptions device;

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|fp16|int8",
      defaultValue = "auto",
      description =
          "What matrix products are computed in; auto is int8 for onnx on a CPU, fp16 for onnx on a"
              + " GPU, fp32 for pytorch (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  enum Precision {
    AUTO,
    FP32,
    FP16,
    INT8
  }

  @Option(
      names = "--model-threads",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Cores that the model uses on a CPU: for onnx, images at a time; for pytorch, threads of an"
              + " operation; 0: all (default).")
  private int threads;

  boolean isSimulated() {
    return engine == Engine.SIMULATED;
  }

  /**
   * What was asked for of a real engine.
   *
   * @throws IllegalArgumentException if the simulated one was
   */
  EngineRequest request() {
    if (isSimulated()) {
      throw new IllegalArgumentException("the simulated engine computes nothing to look at here");
    }
    return new EngineRequest(
        engine == Engine.AUTO ? Optional.empty() : Optional.of(EngineKind.valueOf(engine.name())),
        device.device(),
        precision == Precision.AUTO
            ? Optional.empty()
            : Optional.of(NumericPrecision.valueOf(precision.name())),
        threads);
  }

  /**
   * The engine that will run.
   *
   * @throws CommandFailure if flags contradict each other
   */
  EnginePlan plan() {
    return plan(Optional.empty());
  }

  /** The engine that will run, in 32 bits if nothing else is asked for. */
  EnginePlan exactPlan() {
    return plan(Optional.of(NumericPrecision.FP32));
  }

  private EnginePlan plan(Optional<NumericPrecision> unasked) {
    try {
      EngineRequest asked = request();
      return BlipEngines.plan(
          new EngineRequest(
              asked.kind(), asked.device(), asked.precision().or(() -> unasked), asked.threads()));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse(e);
    }
  }
}
