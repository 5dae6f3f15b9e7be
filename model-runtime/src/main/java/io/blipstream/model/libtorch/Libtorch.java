package io.blipstream.model.libtorch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import io.blipstream.model.InferenceException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * DJL's PyTorch engine, the one way to it in this project.
 *
 * <p>Where gradients are computed, it must be loaded before the tokenizer's native library: both
 * bring a C++ runtime, and in the other order the first backward pass ends the JVM. See {@code
 * docs/decisions/libtorch-first.md}.
 */
public final class Libtorch {

  private static final String NAME = "PyTorch";

  /** For processes that train after they have read texts, as tests do. */
  private static final String FIRST = "blipstream.libtorch.first";

  // Native libraries are loaded once for the whole process, so this is known for all of it.
  private static final AtomicBoolean LOADED = new AtomicBoolean();
  private static final AtomicBoolean TOKENIZER_CAME_FIRST = new AtomicBoolean();

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
      Engine engine = Engine.getEngine(NAME);
      LOADED.set(true);
      return engine;
    } catch (EngineException | IllegalArgumentException | UnsatisfiedLinkError e) {
      throw new InferenceException(
          "libtorch could not be loaded on this platform: " + words(e) + ".", e);
    }
  }

  /**
   * The engine, for computing gradients.
   *
   * @throws IllegalStateException if the tokenizer's library was loaded before it
   */
  public static Engine engineForTraining() {
    if (TOKENIZER_CAME_FIRST.get()) {
      throw new IllegalStateException(
          "This process has loaded the tokenizer before libtorch, and would crash in training;"
              + " set the system property "
              + FIRST
              + "=true.");
    }
    return engine();
  }

  /** To be called before the tokenizer's library is loaded. */
  public static void beforeTokenizer() {
    if (Boolean.getBoolean(FIRST)) {
      engine();
    }
    if (!LOADED.get()) {
      TOKENIZER_CAME_FIRST.set(true);
    }
  }

  /** What DJL says, and behind it what the system said, such as that the disk is full. */
  private static String words(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root == failure || root.getMessage() == null
        ? failure.getMessage()
        : failure.getMessage() + " (" + root.getMessage() + ")";
  }
}
