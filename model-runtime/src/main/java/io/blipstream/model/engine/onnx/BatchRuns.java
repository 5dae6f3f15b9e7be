package io.blipstream.model.engine.onnx;

/** How a batch of images goes through a graph of which one image keeps all cores busy. */
enum BatchRuns {
  /**
   * One after the other: what a CPU reads again is then still in its cache, and where a graph
   * scales its input by its largest value, an image's result does not depend on the others.
   */
  ONE_BY_ONE,
  /** Together: a GPU wants much to do at once. */
  TOGETHER;

  /** Runs a batch of so many images. */
  void each(int images, Run run) {
    int step = this == ONE_BY_ONE ? 1 : Math.max(1, images);
    for (int from = 0; from < images; from += step) {
      run.run(from, Math.min(step, images - from));
    }
  }

  /** A run for some of a batch's images. */
  @FunctionalInterface
  interface Run {
    void run(int from, int count);
  }
}
