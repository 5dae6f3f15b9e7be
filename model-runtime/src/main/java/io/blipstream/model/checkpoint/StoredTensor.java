package io.blipstream.model.checkpoint;

/**
 * A tensor and where its elements lie in a file: the first one's place in bytes and, for each
 * dimension, how many elements on the next one lies.
 */
final class StoredTensor {

  private final TensorInfo info;
  private final long position;
  private final long[] strides;

  private StoredTensor(TensorInfo info, long position, long[] strides) {
    this.info = info;
    this.position = position;
    this.strides = strides;
  }

  /** A tensor whose elements follow one another, the last dimension fastest. */
  static StoredTensor rowMajor(TensorInfo info, long position) {
    return new StoredTensor(info, position, rowMajorStrides(info.shape()));
  }

  /** A tensor with strides that its reader has checked against the file. */
  static StoredTensor strided(TensorInfo info, long position, long... strides) {
    return new StoredTensor(info, position, strides.clone());
  }

  TensorInfo info() {
    return info;
  }

  long position() {
    return position;
  }

  long[] strides() {
    return strides.clone();
  }

  /** Whether it is row-major; the stride of a dimension that has one index does not matter. */
  boolean isRowMajor() {
    long[] shape = info.shape();
    long[] wanted = rowMajorStrides(shape);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] > 1 && strides[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static long[] rowMajorStrides(long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }
}
