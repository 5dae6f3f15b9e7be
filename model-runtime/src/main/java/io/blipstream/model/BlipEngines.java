package io.blipstream.model;

import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.pytorch.PyTorchEngine;

/** Which engine runs BLIP on a device. */
public final class BlipEngines {

  private BlipEngines() {}

  /**
   * Starts the device's engine.
   *
   * @param threads threads for one operation, for the whole process; 0 leaves the engine's own
   *     choice
   * @throws InferenceException if the device is not there
   */
  public static BlipEngine start(ComputeDevice device, int threads) {
    return PyTorchEngine.start(device, threads);
  }

  /** The engine's {@link BlipEngine#description()}, without starting it. */
  public static String description(ComputeDevice device) {
    return PyTorchEngine.description(device);
  }
}
