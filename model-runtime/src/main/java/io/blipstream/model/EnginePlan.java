package io.blipstream.model;

import java.util.Locale;

/**
 * An engine that can be started.
 *
 * @param threads as in {@link EngineRequest}
 * @param reason why it is this one, as half a sentence
 */
public record EnginePlan(
    EngineKind kind, ComputeDevice device, NumericPrecision precision, int threads, String reason) {

  /** Runtime, device and precision, such as {@code onnx cpu int8}. */
  public String description() {
    return "%s %s %s".formatted(kind, device, precision).toLowerCase(Locale.ROOT);
  }
}
