package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import io.blipstream.model.engine.EncodedImages;

/**
 * Image tokens in libtorch's memory.
 *
 * @param array [B, N, D]
 */
record PyTorchImages(NDArray array) implements EncodedImages {

  /** The tokens of images that an engine of this kind encoded. */
  static NDArray array(EncodedImages images) {
    if (images instanceof PyTorchImages own) {
      return own.array();
    }
    throw new IllegalArgumentException("the images were encoded by another engine: " + images);
  }

  @Override
  public int count() {
    return Math.toIntExact(array.getShape().get(0));
  }

  @Override
  public float[] tokens() {
    return array.toFloatArray();
  }

  @Override
  public void close() {
    array.close();
  }
}
