package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.engine.AttentionMask;
import io.blipstream.model.text.TokenBatch;
import java.util.stream.LongStream;

/** Texts and their attention masks as tensors, for inference and training alike. */
public final class TextTensors {

  private TextTensors() {}

  /** Ids [B, L]. */
  public static NDArray ids(NDManager manager, TokenBatch texts) {
    return manager.create(texts.ids(), new Shape(texts.size(), texts.length()));
  }

  /** Positions [length] of tokens from {@code first} on. */
  public static NDArray positions(NDManager manager, int first, int length) {
    return manager.create(LongStream.range(first, (long) first + length).toArray());
  }

  /** Additive mask [B, 1, 1, L]: 0 where a token is, a large negative number where padding is. */
  public static NDArray paddingMask(NDManager manager, TokenBatch texts) {
    float[] mask = texts.mask();
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (1 - mask[i]) * AttentionMask.MASKED;
    }
    return manager.create(mask, new Shape(texts.size(), 1, 1, texts.length()));
  }

  /** Additive mask [1, 1, L, L] that hides from each token those after it. */
  public static NDArray causalMask(NDManager manager, int length) {
    return manager.create(AttentionMask.causal(0, length), new Shape(1, 1, length, length));
  }
}
