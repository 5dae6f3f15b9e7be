package io.blipstream.model.checkpoint;

import java.util.function.Supplier;

/** A tensor to write: its shape now, its values when its turn comes, row-major. */
public final class FloatTensor {

  private final long[] shape;
  private final Supplier<float[]> values;

  private FloatTensor(long[] shape, Supplier<float[]> values) {
    this.shape = shape.clone();
    this.values = values;
  }

  /** A tensor whose values are at hand; they are not copied. */
  public static FloatTensor of(float[] values, long... shape) {
    return new FloatTensor(shape, () -> values);
  }

  /** A tensor fetched only when written, so that a large model is never held twice. */
  public static FloatTensor lazy(Supplier<float[]> values, long... shape) {
    return new FloatTensor(shape, values);
  }

  /** A copy of the shape. */
  public long[] shape() {
    return shape.clone();
  }

  float[] values() {
    return values.get();
  }
}
