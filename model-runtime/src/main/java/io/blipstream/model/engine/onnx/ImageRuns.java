package io.blipstream.model.engine.onnx;

import io.blipstream.model.ComputeDevice;
import java.util.List;

/**
 * How the images of a batch go through graphs.
 *
 * @param together whether a run takes all of them, as a GPU wants it; otherwise each goes alone, a
 *     core an image. Where a graph scales its input by its largest value, what comes of an image
 *     then does not depend on the others.
 */
record ImageRuns(Workers workers, boolean together) {

  static ImageRuns on(ComputeDevice device, Workers workers) {
    return new ImageRuns(workers, device != ComputeDevice.CPU);
  }

  /** Runs so many images. */
  void each(int images, Run run) {
    if (together) {
      run.run(0, images);
    } else {
      workers.each(images, image -> run.run(image, 1));
    }
  }

  /** Images that a run takes at most. */
  int imagesPerRun() {
    return together ? Integer.MAX_VALUE : 1;
  }

  /** Parts of a batch that are decoded side by side. */
  List<Workers.Span> parts(int images) {
    return together ? List.of(new Workers.Span(0, images)) : workers.split(images);
  }

  /** A run for some neighbouring images. */
  @FunctionalInterface
  interface Run {
    void run(int from, int count);
  }
}
