package io.blipstream.model.train;

/**
 * The three losses of one step, as floats, for the curve.
 *
 * @param contrastive ITC, mean of both directions
 * @param matching ITM
 * @param language LM, label smoothing included
 * @param gradientNorm before clipping
 */
public record Losses(float contrastive, float matching, float language, double gradientNorm) {

  boolean finite() {
    return Float.isFinite(contrastive + matching + language) && Double.isFinite(gradientNorm);
  }
}
