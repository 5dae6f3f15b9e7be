package io.blipstream.model.engine;

import java.util.Arrays;

/**
 * Additive masks of self-attention: 0 where a token may look, a large negative number elsewhere.
 */
public final class AttentionMask {

  /** Any number whose exponential is 0 beside the attention scores of tokens. */
  public static final float MASKED = -1e9f;

  private AttentionMask() {}

  /**
   * [length, before + length]: hides from each new token those after it.
   *
   * @param before tokens that all of them see
   */
  public static float[] causal(int before, int length) {
    int width = before + length;
    float[] mask = new float[length * width];
    for (int query = 0; query < length; query++) {
      Arrays.fill(mask, query * width + before + query + 1, (query + 1) * width, MASKED);
    }
    return mask;
  }

  /** [length, length] of nothing that may be seen. */
  public static float[] closed(int rows, int length) {
    float[] mask = new float[Math.multiplyExact(rows, length * length)];
    Arrays.fill(mask, MASKED);
    return mask;
  }

  /** Lets the tokens from {@code start} on see each other, in a row of a mask [rows, length^2]. */
  public static void open(float[] mask, int row, int length, int start, int tokens) {
    for (int query = start; query < start + tokens; query++) {
      int at = (row * length + query) * length + start;
      Arrays.fill(mask, at, at + tokens, 0);
    }
  }
}
