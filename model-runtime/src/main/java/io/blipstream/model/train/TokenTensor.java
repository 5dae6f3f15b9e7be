package io.blipstream.model.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Texts as the encoders take them, cut to the longest.
 *
 * @param ids [B, L]
 * @param paddingMask additive, [B, 1, 1, L]
 * @param length L
 */
record TokenTensor(NDArray ids, NDArray paddingMask, int length) {

  private static final float MASKED = -1e4f;

  /** From ids padded with 0. */
  static TokenTensor of(NDManager manager, long[][] texts) {
    int length = 1;
    for (long[] text : texts) {
      length = Math.max(length, tokens(text));
    }
    long[] ids = new long[texts.length * length];
    float[] mask = new float[ids.length];
    for (int row = 0; row < texts.length; row++) {
      for (int i = 0; i < length; i++) {
        long id = i < texts[row].length ? texts[row][i] : 0;
        ids[row * length + i] = id;
        mask[row * length + i] = id == 0 ? MASKED : 0;
      }
    }
    return new TokenTensor(
        manager.create(ids, new Shape(texts.length, length)),
        manager.create(mask, new Shape(texts.length, 1, 1, length)),
        length);
  }

  private static int tokens(long[] text) {
    int length = text.length;
    while (length > 0 && text[length - 1] == 0) {
      length--;
    }
    return length;
  }
}
