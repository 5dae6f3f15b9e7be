package io.blipstream.model.engine.onnx;

import io.blipstream.model.text.TokenBatch;
import java.util.Arrays;

/**
 * Texts of images, those of an image one after another in a row of S tokens, with no padding
 * between them.
 */
final class PackedTexts {

  private final int length;
  private final long[] positions;
  private final float[] mask;
  private final long[] starts;

  private PackedTexts(int length, long[] positions, float[] mask, long[] starts) {
    this.length = length;
    this.positions = positions;
    this.mask = mask;
    this.starts = starts;
  }

  /** Lays out T texts an image: the first T belong to the first image, and so on. */
  static PackedTexts of(TokenBatch texts, int images) {
    int perImage = texts.size() / images;
    int[] totals = new int[images];
    for (int text = 0; text < texts.size(); text++) {
      totals[text / perImage] += texts.length(text);
    }
    int length = Arrays.stream(totals).max().orElse(0);
    long[] positions = new long[images * length];
    float[] mask = AttentionMask.closed(images, length);
    long[] starts = new long[texts.size()];
    for (int image = 0; image < images; image++) {
      int at = 0;
      for (int text = image * perImage; text < (image + 1) * perImage; text++) {
        int tokens = texts.length(text);
        starts[text] = (long) image * length + at;
        for (int i = 0; i < tokens; i++) {
          positions[image * length + at + i] = i;
        }
        AttentionMask.open(mask, image, length, at, tokens);
        at += tokens;
      }
      AttentionMask.open(mask, image, length, at, length - at);
    }
    return new PackedTexts(length, positions, mask, starts);
  }

  /** Ids [B, S] of texts that are laid out so. */
  long[] ids(TokenBatch texts) {
    long[] packed = new long[positions.length];
    long[] padded = texts.ids();
    for (int text = 0; text < starts.length; text++) {
      System.arraycopy(
          padded, text * texts.length(), packed, Math.toIntExact(starts[text]), texts.length(text));
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
