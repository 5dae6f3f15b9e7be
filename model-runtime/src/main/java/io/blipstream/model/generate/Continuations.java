package io.blipstream.model.generate;

import io.blipstream.model.engine.FloatRows;

/** The best few of many continuations, best first; of equal ones those offered first. */
final class Continuations {

  private final float[] scores;
  private final int[] rows;
  private final int[] tokens;
  private int size;

  Continuations(int capacity) {
    scores = new float[capacity];
    rows = new int[capacity];
    tokens = new int[capacity];
  }

  void clear() {
    size = 0;
  }

  /** Offers every token of a row, each added to the score so far. */
  void offer(FloatRows logProbabilities, int row, float score) {
    for (int token = 0; token < logProbabilities.width(); token++) {
      float sum = score + logProbabilities.get(row, token);
      // Almost all fail here: a small sorted array is as good as a heap.
      if (size < scores.length || sum > scores[size - 1]) {
        insert(sum, row, token);
      }
    }
  }

  private void insert(float score, int row, int token) {
    int at = size < scores.length ? size++ : size - 1;
    while (at > 0 && scores[at - 1] < score) {
      scores[at] = scores[at - 1];
      rows[at] = rows[at - 1];
      tokens[at] = tokens[at - 1];
      at--;
    }
    scores[at] = score;
    rows[at] = row;
    tokens[at] = token;
  }

  int size() {
    return size;
  }

  float score(int rank) {
    return scores[rank];
  }

  int row(int rank) {
    return rows[rank];
  }

  int token(int rank) {
    return tokens[rank];
  }
}
