package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Weights of a checkpoint in libtorch's memory, 32 bits wide, until their manager is closed.
 *
 * <p>They come one by one through a buffer as large as the largest, so that no more than one of
 * them is held twice.
 */
final class LoadedParameters implements Parameters {

  private final Map<String, NDArray> arrays;

  private LoadedParameters(Map<String, NDArray> arrays) {
    this.arrays = arrays;
  }

  /**
   * Loads the named weights.
   *
   * @param expected names and shapes; of two that are tied, one is loaded
   * @throws io.blipstream.model.checkpoint.CheckpointException naming all that are missing or have
   *     another shape
   */
  static LoadedParameters load(
      NDManager manager, Checkpoint checkpoint, Map<String, long[]> expected) throws IOException {
    checkpoint.require(expected);
    long largest =
        expected.values().stream().mapToLong(shape -> new Shape(shape).size()).max().orElse(0);
    ByteBuffer staging =
        ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(largest, Float.BYTES)))
            .order(ByteOrder.nativeOrder());
    Map<String, NDArray> arrays = new HashMap<>();
    for (Map.Entry<String, long[]> entry : expected.entrySet()) {
      String name = entry.getKey();
      if (!arrays.containsKey(BlipParameters.tied(name))) {
        arrays.put(name, load(manager, checkpoint, name, entry.getValue(), staging));
      }
    }
    return new LoadedParameters(arrays);
  }

  private static NDArray load(
      NDManager manager, Checkpoint checkpoint, String name, long[] shape, ByteBuffer staging)
      throws IOException {
    Shape djlShape = new Shape(shape);
    int bytes = Math.toIntExact(djlShape.size() * Float.BYTES);
    ByteBuffer values = staging.slice(0, bytes).order(ByteOrder.nativeOrder());
    checkpoint.read(name, values.asFloatBuffer(), shape);
    // The array made of the buffer is a view of it; the duplicate is libtorch's own.
    try (NDArray view = manager.create(values, djlShape, DataType.FLOAT32)) {
      return view.duplicate();
    }
  }

  @Override
  public NDArray get(String name, long... shape) {
    NDArray array = arrays.get(name);
    if (array == null) {
      array = arrays.get(BlipParameters.tied(name));
    }
    if (array == null || !array.getShape().equals(new Shape(shape))) {
      throw new IllegalStateException(
          "the network asks for %s %s, which is not among the parameters of its checkpoint"
              .formatted(name, new Shape(shape)));
    }
    return array;
  }
}
