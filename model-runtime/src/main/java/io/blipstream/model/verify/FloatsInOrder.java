package io.blipstream.model.verify;

import java.util.ArrayList;
import java.util.List;

/** Rows of floats, put one behind the other. */
final class FloatsInOrder {

  private final List<float[]> rows = new ArrayList<>();

  void add(float[] row) {
    rows.add(row);
  }

  float[] toArray() {
    float[] all = new float[rows.stream().mapToInt(row -> row.length).sum()];
    int at = 0;
    for (float[] row : rows) {
      System.arraycopy(row, 0, all, at, row.length);
      at += row.length;
    }
    return all;
  }
}
