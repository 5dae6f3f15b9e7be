package io.blipstream.model.text;

import java.util.Arrays;
import java.util.List;

/**
 * Token ids of several texts, padded at the right to the longest ([B, L]).
 *
 * <p>The mask follows from the texts' lengths and not from the ids: a web text may spell the
 * padding token itself.
 */
public final class TokenBatch {

  private final int length;
  private final int[] lengths;
  private final long[] ids;

  private TokenBatch(int length, int[] lengths, long[] ids) {
    this.length = length;
    this.lengths = lengths;
    this.ids = ids;
  }

  /**
   * Pads texts to the longest of them.
   *
   * @throws IllegalArgumentException if there is no text or one has no token
   */
  public static TokenBatch of(List<long[]> texts, long padId) {
    int[] lengths = texts.stream().mapToInt(text -> text.length).toArray();
    int length = Arrays.stream(lengths).max().orElse(0);
    if (Arrays.stream(lengths).anyMatch(tokens -> tokens == 0) || length == 0) {
      throw new IllegalArgumentException("a batch needs texts of at least one token each");
    }
    long[] ids = new long[texts.size() * length];
    Arrays.fill(ids, padId);
    for (int row = 0; row < lengths.length; row++) {
      System.arraycopy(texts.get(row), 0, ids, row * length, lengths[row]);
    }
    return new TokenBatch(length, lengths, ids);
  }

  /** The same texts with another first token. */
  public TokenBatch withFirst(long token) {
    long[] changed = ids.clone();
    for (int row = 0; row < lengths.length; row++) {
      changed[row * length] = token;
    }
    return new TokenBatch(length, lengths, changed);
  }

  /** B. */
  public int size() {
    return lengths.length;
  }

  /** L. */
  public int length() {
    return length;
  }

  /** Tokens of a text, without its padding. */
  public int length(int text) {
    return lengths[text];
  }

  /** [B, L], row-major; a copy. */
  public long[] ids() {
    return ids.clone();
  }

  /** [B, L], row-major: 1 where a token is, 0 where padding is. */
  public float[] mask() {
    float[] mask = new float[ids.length];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(mask, row * length, row * length + lengths[row], 1f);
    }
    return mask;
  }

  /** Whether the other batch has as many texts of the same lengths. */
  public boolean hasShapeOf(TokenBatch other) {
    return Arrays.equals(lengths, other.lengths);
  }

  /** Whether all texts are of one length, so that no mask is needed. */
  public boolean isUnpadded() {
    return Arrays.stream(lengths).allMatch(tokens -> tokens == length);
  }
}
