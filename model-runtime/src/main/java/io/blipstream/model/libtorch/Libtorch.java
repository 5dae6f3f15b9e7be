package io.blipstream.model.libtorch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import io.blipstream.model.InferenceException;

/**
 * DJL's PyTorch engine, the one way to it in this project.
 *
 * <p>It must be loaded before the tokenizer's native library: both bring a C++ runtime, and in the
 * other order the first backward pass ends the JVM. See {@code docs/decisions/libtorch-first.md}.
 */
public final class Libtorch {

  private static final String NAME = "PyTorch";

  private Libtorch() {}

  /**
   * The engine, loaded if need be; kept from looking for updates and from reporting its use over
   * the network.
   *
   * @throws InferenceException if there is no libtorch for this platform
   */
  public static Engine engine() {
    System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      return Engine.getEngine(NAME);
    } catch (EngineException | IllegalArgumentException | UnsatisfiedLinkError e) {
      throw new InferenceException(
          "libtorch could not be loaded on this platform: " + e.getMessage(), e);
    }
  }
}
