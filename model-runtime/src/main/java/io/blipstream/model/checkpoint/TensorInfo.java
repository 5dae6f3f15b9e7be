package io.blipstream.model.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A tensor's name, element type and shape, as a weights file states them. */
public final class TensorInfo {

  private final String name;
  private final Dtype dtype;
  private final long[] shape;

  public TensorInfo(String name, Dtype dtype, long... shape) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape.clone();
  }

  public String name() {
    return name;
  }

  public Dtype dtype() {
    return dtype;
  }

  /** A copy of the shape; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  public boolean hasShape(long... expected) {
    return Arrays.equals(shape, expected);
  }

  /** Number of elements; 1 for a scalar. */
  public long elements() {
    return elements(shape);
  }

  /** Product of the sizes of a shape that is known not to overflow. */
  static long elements(long... shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    return n;
  }

  /** A shape as people write it, such as {@code [768, 3, 16, 16]}. */
  static String text(long... shape) {
    return Arrays.stream(shape)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public String toString() {
    return name + " " + dtype + text(shape);
  }
}
