package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import io.blipstream.model.engine.EncodedImages;

/**
 * Image tokens in libtorch's memory.
 *
 * @param tokens [B, N, D]
 */
record PyTorchImages(NDArray tokens) implements EncodedImages {

  /** The tokens of images that an engine of this kind encoded. */
  static NDArray tokens(EncodedImages images) {
    if (images instanceof PyTorchImages own) {
      return own.tokens();
    }
    throw new IllegalArgumentException("the images were encoded by another engine: " + images);
  }

  @Override
  public int count() {
    return Math.toIntExact(tokens.getShape().get(0));
  }

  @Override
  public void close() {
    tokens.close();
  }
}
