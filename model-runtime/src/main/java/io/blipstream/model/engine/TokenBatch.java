package io.blipstream.model.engine;

import java.util.Arrays;
import java.util.List;

/** Texts as token ids, padded at the end to the length of the longest. */
public final class TokenBatch {

  private final long[] ids;
  private final int[] lengths;
  private final int length;

  private TokenBatch(long[] ids, int[] lengths, int length) {
    this.ids = ids;
    this.lengths = lengths;
    this.length = length;
  }

  /**
   * Pads texts to one length.
   *
   * @param texts token ids of each, at least one
   * @param padding id that fills the ends, which no token attends to
   */
  public static TokenBatch of(List<int[]> texts, int padding) {
    int[] lengths = texts.stream().mapToInt(text -> text.length).toArray();
    if (Arrays.stream(lengths).anyMatch(length -> length == 0)) {
      throw new IllegalArgumentException("a text has at least one token, its first");
    }
    int longest = Arrays.stream(lengths).max().orElse(0);
    long[] ids = new long[texts.size() * longest];
    Arrays.fill(ids, padding);
    for (int row = 0; row < lengths.length; row++) {
      for (int i = 0; i < lengths[row]; i++) {
        ids[row * longest + i] = texts.get(row)[i];
      }
    }
    return new TokenBatch(ids, lengths, longest);
  }

  public int rows() {
    return lengths.length;
  }

  /** Tokens a row, padding included; 0 without rows. */
  public int length() {
    return length;
  }

  /** A copy of the ids, row by row. */
  public long[] ids() {
    return ids.clone();
  }

  /** An additive attention mask, row by row: 0 for a token, {@code masked} for padding. */
  public float[] mask(float masked) {
    float[] mask = new float[ids.length];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(mask, row * length + lengths[row], (row + 1) * length, masked);
    }
    return mask;
  }
}
