package io.blipstream.model.engine;

/** A matrix of floats in host memory; whoever receives it may change it. */
public final class FloatRows {

  private final float[] values;
  private final int width;

  /**
   * @param values row by row; not copied
   * @param width values a row
   */
  public FloatRows(float[] values, int width) {
    if (width <= 0 || values.length % width != 0) {
      throw new IllegalArgumentException(
          "%d values do not make rows of %d".formatted(values.length, width));
    }
    this.values = values;
    this.width = width;
  }

  public int rows() {
    return values.length / width;
  }

  public int width() {
    return width;
  }

  public float get(int row, int column) {
    return values[row * width + column];
  }

  public void set(int row, int column, float value) {
    values[row * width + column] = value;
  }

  /** Dot product of a row with a row of another matrix of the same width. */
  public float dot(int row, FloatRows other, int otherRow) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) get(row, i) * other.get(otherRow, i);
    }
    return (float) sum;
  }

  /** All values, row by row; not a copy. */
  public float[] values() {
    return values;
  }
}
