package io.blipstream.model.generate;

/**
 * How a caption is chosen from the logits.
 *
 * @param maxLength tokens of the longest caption, start tokens and end token included
 * @param minLength the end token is not taken before a caption has this many tokens, start tokens
 *     included
 * @param repetitionPenalty above 1, makes tokens that stand in the caption already less likely; 1
 *     for none (Keskar et al. 2019)
 */
public record DecodingSettings(int maxLength, int minLength, double repetitionPenalty) {

  public DecodingSettings {
    if (maxLength < 2 || minLength < 0 || minLength > maxLength) {
      throw new IllegalArgumentException(
          "captions of %d to %d tokens cannot be written; take 0 <= min <= max and max >= 2"
              .formatted(minLength, maxLength));
    }
    if (!(repetitionPenalty > 0)) {
      throw new IllegalArgumentException(
          "the repetition penalty must be above 0, not " + repetitionPenalty);
    }
  }

  /** The likeliest token each time, up to a length. */
  public static DecodingSettings greedy(int maxLength) {
    return new DecodingSettings(maxLength, 0, 1);
  }

  /** The settings as results name them, such as {@code greedy max=20}. */
  public String description() {
    StringBuilder text = new StringBuilder("greedy max=" + maxLength);
    if (minLength > 0) {
      text.append(" min=").append(minLength);
    }
    if (repetitionPenalty != 1) {
      text.append(" repetition=").append(repetitionPenalty);
    }
    return text.toString();
  }
}
