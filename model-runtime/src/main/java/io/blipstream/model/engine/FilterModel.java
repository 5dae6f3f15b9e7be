package io.blipstream.model.engine;

import io.blipstream.model.text.TokenBatch;

/** Loaded text encoders of a filter, and its ITM and ITC heads. */
public interface FilterModel {

  /**
   * Image-text matching: logits [texts, 2] of "no match" and "match".
   *
   * @param images B images, encoded with the filter's own vision weights
   * @param texts T texts an image: the first T belong to the first image, and so on
   */
  FloatRows match(EncodedImages images, TokenBatch texts);

  /** ITM's probability of a match: the softmax of a row of its logits. */
  static float matchProbability(FloatRows logits, int row) {
    double difference = (double) logits.get(row, 0) - logits.get(row, 1);
    return (float) (1 / (1 + Math.exp(difference)));
  }

  /** Projected images, unit vectors [B, P]: with a text's, their dot product is ITC's cosine. */
  FloatRows imageEmbeddings(EncodedImages images);

  /** Projected texts, unit vectors [texts, P]. */
  FloatRows textEmbeddings(TokenBatch texts);
}
