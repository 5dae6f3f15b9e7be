package io.blipstream.model.train;

import io.blipstream.model.checkpoint.BlipConfig;

/**
 * How a BLIP is trained; together with the batches it decides the whole training.
 *
 * @param architecture the network to train
 * @param steps updates in all
 * @param batch images a step, at least 2
 * @param captionsPerImage captions that the decoder learns from each encoded image
 * @param muonRate learning rate of the linear layers at its height, after warm-up
 * @param adamRate learning rate of all other parameters at its height
 * @param warmupSteps steps of linear rise, before the cosine fall
 * @param weightDecay for matrices
 * @param beta1 decay of AdamW's first moment
 * @param beta2 decay of AdamW's second moment
 * @param clipNorm global norm to which gradients are cut
 * @param labelSmoothing of the language-modelling loss
 * @param seed of the initial weights and of sampling
 */
public record TrainingPlan(
    BlipConfig architecture,
    long steps,
    int batch,
    int captionsPerImage,
    double muonRate,
    double adamRate,
    int warmupSteps,
    double weightDecay,
    double beta1,
    double beta2,
    double clipNorm,
    double labelSmoothing,
    long seed) {

  /** Rates never fall below this share of their height. */
  private static final double LOWEST = 0.01;

  public TrainingPlan {
    if (batch < 2) {
      throw new IllegalArgumentException(
          "A batch needs at least 2 images: the texts of the others are an image's negatives.");
    }
    if (steps < 1 || captionsPerImage < 1 || warmupSteps < 1) {
      throw new IllegalArgumentException(
          "Steps, captions an image and warm-up steps must be at least 1.");
    }
    if (!(muonRate >= 0 && adamRate >= 0 && weightDecay >= 0 && clipNorm > 0)) {
      throw new IllegalArgumentException(
          "Learning rates and weight decay must not be negative, and the clipping norm above 0.");
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException("Label smoothing is 0 to below 1, not " + labelSmoothing);
    }
  }

  /** Share of the training that is done after {@code step} updates, 0 to 1. */
  double progress(long step) {
    return Math.min(1, (double) step / steps);
  }

  /** Share of the learning rates at an update: linear warm-up, then a cosine to almost zero. */
  double warmth(long step) {
    double warm = Math.min(1, (step + 1.0) / warmupSteps);
    double cosine = 0.5 * (1 + Math.cos(Math.PI * progress(step)));
    return Math.max(LOWEST, warm * cosine);
  }
}
