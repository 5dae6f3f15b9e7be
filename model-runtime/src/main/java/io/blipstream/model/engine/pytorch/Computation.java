package io.blipstream.model.engine.pytorch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.blipstream.model.engine.EngineFailures;
import io.blipstream.model.engine.FloatRows;
import java.util.function.Supplier;

/** One call into libtorch: frees what it made, and says in our terms what went wrong. */
final class Computation {

  private Computation() {}

  /**
   * Runs it in a scope of its own: arrays that are not passed to {@link #keep} are freed.
   *
   * @param what for the error, such as {@code "encoding 8 images"}
   * @throws io.blipstream.model.OutOfDeviceMemoryException if it did not fit into memory
   * @throws io.blipstream.model.InferenceException if libtorch failed in another way
   */
  static <R> R run(String what, Supplier<R> computation) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return computation.get();
    } catch (EngineException e) {
      throw EngineFailures.of("libtorch failed while " + what, e);
    } catch (OutOfMemoryError e) {
      throw EngineFailures.of("Java ran out of memory for libtorch while " + what, e);
    }
  }

  /** Lets an array outlive the scope; its receiver closes it. */
  static NDArray keep(NDArray array) {
    NDScope.unregister(array);
    return array;
  }

  /** Copies a matrix into host memory. */
  static FloatRows rows(NDArray matrix) {
    return new FloatRows(matrix.toFloatArray(), Math.toIntExact(matrix.getShape().get(1)));
  }
}
