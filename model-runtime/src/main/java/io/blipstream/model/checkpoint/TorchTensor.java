package io.blipstream.model.checkpoint;

import io.blipstream.model.checkpoint.pickle.PickleException;
import io.blipstream.model.checkpoint.pickle.PickleTuple;
import java.util.List;

/** A tensor as a pickle states it: a view of a storage, checked to lie inside it. */
final class TorchTensor {

  /** More than any BLIP needs, and few enough that an odometer over them is cheap. */
  private static final int MAX_DIMENSIONS = 16;

  private final TorchStorage storage;
  private final long offset;
  private final long[] shape;
  private final long[] strides;

  private TorchTensor(TorchStorage storage, long offset, long[] shape, long[] strides) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /**
   * The tensor that a call of torch's {@code _rebuild_tensor_v2} stands for.
   *
   * @param arguments storage, offset, sizes, strides; what follows matters to training only
   */
  static TorchTensor of(List<Object> arguments) throws PickleException {
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof TorchStorage storage)
        || !(arguments.get(1) instanceof Long offset)
        || offset < 0) {
      throw new PickleException("has a tensor that is made of something unknown");
    }
    long[] shape = longs(arguments.get(2));
    long[] strides = longs(arguments.get(3));
    if (shape.length != strides.length || shape.length > MAX_DIMENSIONS) {
      throw new PickleException(
          "has a tensor with %d sizes and %d strides".formatted(shape.length, strides.length));
    }
    var tensor = new TorchTensor(storage, offset, shape, strides);
    tensor.requireInside();
    return tensor;
  }

  TorchStorage storage() {
    return storage;
  }

  /**
   * The tensor in a file.
   *
   * @param storagePosition where the first element of its storage lies
   */
  StoredTensor at(String name, long storagePosition) {
    return StoredTensor.strided(
        new TensorInfo(name, storage.dtype(), shape),
        storagePosition + offset * storage.dtype().bytes(),
        strides);
  }

  private void requireInside() throws PickleException {
    try {
      long elements = 1;
      long last = offset;
      for (int i = 0; i < shape.length; i++) {
        elements = Math.multiplyExact(elements, shape[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(shape[i] - 1, 0), strides[i]));
      }
      // Strides of 0 repeat elements; that nobody's weights are larger than their storage keeps
      // sizes as bounded as the file is.
      if (elements == 0
          ? offset <= storage.elements()
          : last < storage.elements() && elements <= storage.elements()) {
        return;
      }
    } catch (ArithmeticException e) {
      // Larger than any storage.
    }
    throw new PickleException(
        "has a tensor of shape %s that reaches beyond the %d elements of its storage %s"
            .formatted(TensorInfo.text(shape), storage.elements(), storage.key()));
  }

  private static long[] longs(Object tuple) throws PickleException {
    if (!(tuple instanceof PickleTuple numbers)) {
      throw new PickleException("has a tensor whose shape is no tuple");
    }
    long[] values = new long[numbers.items().size()];
    for (int i = 0; i < values.length; i++) {
      if (!(numbers.items().get(i) instanceof Long value) || value < 0) {
        throw new PickleException("has a tensor whose shape holds something that is no size");
      }
      values[i] = value;
    }
    return values;
  }
}
