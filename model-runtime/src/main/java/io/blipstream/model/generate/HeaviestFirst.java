package io.blipstream.model.generate;

import java.util.stream.IntStream;

/**
 * Indices of weights from the heaviest on, of equal weights the last first, in time that grows with
 * how many are asked for: a heap.
 */
final class HeaviestFirst {

  private final double[] weights;
  private final int[] heap;
  private int size;

  HeaviestFirst(double... weights) {
    this.weights = weights;
    this.heap = IntStream.range(0, weights.length).toArray();
    this.size = heap.length;
    for (int at = size / 2 - 1; at >= 0; at--) {
      sink(at);
    }
  }

  /** The heaviest that has not been given yet; to be asked once for each weight at most. */
  int next() {
    int heaviest = heap[0];
    heap[0] = heap[--size];
    sink(0);
    return heaviest;
  }

  private void sink(int from) {
    int at = from;
    int index = heap[at];
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (before(index, heap[child])) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = index;
  }

  private boolean before(int a, int b) {
    return weights[a] > weights[b] || (weights[a] == weights[b] && a > b);
  }
}
