package io.blipstream.model.engine;

/**
 * What a filter says of the texts of some images.
 *
 * @param matchLogits ITM, [texts, 2]: "no match" and "match" of each text with its own image
 * @param images projected images, unit vectors [B, P]
 * @param texts projected texts, unit vectors [texts, P]
 */
public record FilterScores(FloatRows matchLogits, FloatRows images, FloatRows texts) {

  /** ITM's probability that a text matches its image: the softmax of its logits. */
  public float matchProbability(int text) {
    double difference = (double) matchLogits.get(text, 0) - matchLogits.get(text, 1);
    return (float) (1 / (1 + Math.exp(difference)));
  }

  /** ITC's cosine of any image with any text. */
  public float similarity(int image, int text) {
    return images.dot(image, texts, text);
  }
}
