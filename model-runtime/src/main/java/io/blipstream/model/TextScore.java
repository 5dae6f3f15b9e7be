package io.blipstream.model;

/**
 * A text and how well the filter finds it to match its image.
 *
 * @param text the text as it came or was written, however it was cleaned or cut to be judged
 * @param source web or synthetic
 * @param itmProbability probability that the text matches, softmax of the ITM head, 0 to 1
 * @param itcSimilarity cosine of the projected image and text embeddings, -1 to 1; not a
 *     probability
 */
public record TextScore(String text, TextSource source, float itmProbability, float itcSimilarity) {

  /** Whether CapFilt keeps this text: its match probability reaches the threshold. */
  public boolean accepted(double threshold) {
    return itmProbability >= threshold;
  }
}
