package io.blipstream.model;

import java.util.Optional;

/**
 * Which engine is asked for; what is left open is chosen by {@link BlipEngines#plan}.
 *
 * @param kind the runtime
 * @param device what it runs on
 * @param precision what it computes in
 * @param threads cores to use on a CPU: for ONNX Runtime images that are worked at side by side,
 *     for libtorch threads of one operation, a setting of the whole process; 0 leaves it the number
 *     of cores
 */
public record EngineRequest(
    Optional<EngineKind> kind,
    Optional<ComputeDevice> device,
    Optional<NumericPrecision> precision,
    int threads) {

  public EngineRequest {
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be 0 or more, not " + threads);
    }
  }

  /** Leaves everything open. */
  public static EngineRequest any() {
    return new EngineRequest(Optional.empty(), Optional.empty(), Optional.empty(), 0);
  }
}
