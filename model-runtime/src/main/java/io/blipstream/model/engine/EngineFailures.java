package io.blipstream.model.engine;

import io.blipstream.model.InferenceException;
import io.blipstream.model.OutOfDeviceMemoryException;
import java.util.List;
import java.util.Locale;

/**
 * Says in our terms what went wrong in an engine: out of memory, or anything else.
 *
 * <p>The engines' bindings turn every native error into one exception type, so the text is all
 * there is to tell them apart by. The texts are those of libtorch 1.5 to 2.7, CUDA 10 to 12 and
 * ONNX Runtime 1.9 to 1.29.
 */
public final class EngineFailures {

  private static final List<String> OUT_OF_MEMORY =
      List.of(
          // libtorch, CPU: c10/core/impl/alloc_cpu.cpp, on Linux and on Windows.
          "defaultcpuallocator: can't allocate memory",
          "defaultcpuallocator: not enough memory",
          "posix_memalign(&data, galignment, nbytes) == 0",
          // libtorch, CUDA: its caching allocator, and the driver below it.
          "cuda out of memory",
          "cuda error: out of memory",
          "cublas_status_alloc_failed",
          "cudnn_status_alloc_failed",
          // ONNX Runtime: its arena on any device, and its CUDA provider.
          "failed to allocate memory for requested buffer",
          "cuda failure 2: out of memory",
          // Both, where native code allocates by itself.
          "std::bad_alloc");

  private EngineFailures() {}

  /**
   * The failure of an engine.
   *
   * @param what for the person who reads it, such as {@code "libtorch failed while encoding 8
   *     images"}
   */
  public static InferenceException of(String what, Exception cause) {
    String sentence = what + ": " + firstLine(cause);
    return meansOutOfMemory(cause)
        ? new OutOfDeviceMemoryException(sentence, cause)
        : new InferenceException(sentence, cause);
  }

  /** Java could not give the memory that the engine is fed from: its heap or direct buffers. */
  public static InferenceException of(String what, OutOfMemoryError cause) {
    return new OutOfDeviceMemoryException(what + ": " + firstLine(cause), cause);
  }

  private static boolean meansOutOfMemory(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (OUT_OF_MEMORY.stream().anyMatch(text::contains)) {
        return true;
      }
    }
    return false;
  }

  /** Native code appends its stack to the message. */
  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? "no reason given"
        : message.lines().findFirst().orElse("no reason given");
  }
}
