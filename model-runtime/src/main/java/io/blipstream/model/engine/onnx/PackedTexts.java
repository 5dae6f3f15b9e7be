package io.blipstream.model.engine.onnx;

import io.blipstream.model.engine.AttentionMask;
import io.blipstream.model.text.TokenBatch;
import java.util.Arrays;

/**
 * Texts of images, those of an image one after another in a row of S tokens, with no padding
 * between them.
 */
final class PackedTexts {

  private final int first;
  private final int length;
  private final long[] positions;
  private final float[] mask;
  private final long[] starts;

  private PackedTexts(int first, int length, long[] positions, float[] mask, long[] starts) {
    this.first = first;
    this.length = length;
    this.positions = positions;
    this.mask = mask;
    this.starts = starts;
  }

  /**
   * Lays out the texts of some images.
   *
   * @param first the first image's first text
   * @param images B
   * @param perImage texts that each of them has, one after another
   */
  static PackedTexts of(TokenBatch texts, int first, int images, int perImage) {
    int[] totals = new int[images];
    for (int i = 0; i < images * perImage; i++) {
      totals[i / perImage] += texts.length(first + i);
    }
    int length = Arrays.stream(totals).max().orElse(0);
    long[] positions = new long[images * length];
    float[] mask = AttentionMask.closed(images, length);
    long[] starts = new long[images * perImage];
    for (int image = 0; image < images; image++) {
      int at = 0;
      for (int i = image * perImage; i < (image + 1) * perImage; i++) {
        int tokens = texts.length(first + i);
        starts[i] = (long) image * length + at;
        for (int token = 0; token < tokens; token++) {
          positions[image * length + at + token] = token;
        }
        AttentionMask.open(mask, image, length, at, tokens);
        at += tokens;
      }
      AttentionMask.open(mask, image, length, at, length - at);
    }
    return new PackedTexts(first, length, positions, mask, starts);
  }

  /** Ids [B, S] of texts that are laid out so. */
  long[] ids(TokenBatch texts) {
    long[] packed = new long[positions.length];
    long[] padded = texts.ids();
    for (int i = 0; i < starts.length; i++) {
      System.arraycopy(
          padded,
          (first + i) * texts.length(),
          packed,
          Math.toIntExact(starts[i]),
          texts.length(first + i));
    }
    return packed;
  }

  /** S, as the image with the longest texts needs it. */
  int length() {
    return length;
  }

  /** Positions of tokens in their texts, [B, S]. */
  long[] positions() {
    return positions.clone();
  }

  /**
   * [B, 1, S, S]: tokens see those of their own text; padding at a row's end sees itself, which
   * nobody reads.
   */
  float[] mask() {
    return mask.clone();
  }

  /** Where texts begin in the flattened rows, [texts]. */
  long[] starts() {
    return starts.clone();
  }
}
