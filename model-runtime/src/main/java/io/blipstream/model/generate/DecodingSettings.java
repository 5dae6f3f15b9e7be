package io.blipstream.model.generate;

import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.EarlyStopping;
import io.blipstream.model.generate.Strategy.Greedy;
import io.blipstream.model.generate.Strategy.Sampling;

/**
 * How a caption is chosen from the logits.
 *
 * @param strategy how the next token is chosen
 * @param maxLength tokens of the longest caption, start tokens and end token included
 * @param minLength the end token is not taken before a caption has this many tokens, start tokens
 *     included
 * @param repetitionPenalty above 1, makes tokens that stand in the caption already less likely,
 *     those of the prompt too; 1 for none (Keskar et al. 2019)
 */
public record DecodingSettings(
    Strategy strategy, int maxLength, int minLength, double repetitionPenalty) {

  public DecodingSettings {
    if (maxLength < 2 || minLength < 0 || minLength > maxLength) {
      throw new IllegalArgumentException(
          "captions of %d to %d tokens cannot be written; take 0 <= min <= max and max >= 2"
              .formatted(minLength, maxLength));
    }
    if (!(repetitionPenalty > 0) || !Double.isFinite(repetitionPenalty)) {
      throw new IllegalArgumentException(
          "the repetition penalty must be above 0, not " + repetitionPenalty);
    }
  }

  /** The likeliest token each time, up to a length. */
  public static DecodingSettings greedy(int maxLength) {
    return new DecodingSettings(new Greedy(), maxLength, 0, 1);
  }

  /**
   * Requires that so many texts an image can be had.
   *
   * @throws IllegalArgumentException saying what would allow them
   */
  public void requireCandidates(int candidates) {
    if (candidates < 1) {
      throw new IllegalArgumentException("an image has 1 caption at least, not " + candidates);
    }
    if (candidates > strategy.maxCandidates()) {
      String sentence = "%d captions an image cannot be had: ".formatted(candidates);
      if (strategy instanceof Greedy) {
        sentence += "greedy decoding writes one; take beams or sampling";
      } else if (strategy instanceof Beam beam) {
        sentence +=
            "%d beams give at most %d; take more beams".formatted(beam.beams(), beam.beams());
      } else {
        sentence += "at most " + strategy.maxCandidates();
      }
      throw new IllegalArgumentException(sentence);
    }
  }

  /**
   * The settings as results name them: every one that is not without effect, such as {@code greedy
   * max=20}, {@code beam 3 max=20 min=5} or {@code nucleus p=0.9 k=50 repetition=1.1 max=20 min=5}.
   */
  public String description() {
    StringBuilder text = new StringBuilder();
    if (strategy instanceof Beam beam) {
      text.append("beam ").append(beam.beams());
      if (beam.lengthPenalty() != 1) {
        text.append(" length-penalty=").append(number(beam.lengthPenalty()));
      }
      if (beam.earlyStopping() != EarlyStopping.FALSE) {
        text.append(" early-stopping=").append(beam.earlyStopping().spelling());
      }
    } else if (strategy instanceof Sampling sampling) {
      text.append(sampling.topP() < 1 ? "nucleus p=" + number(sampling.topP()) : "sampling");
      if (sampling.topK() > 0) {
        text.append(" k=").append(sampling.topK());
      }
      if (sampling.temperature() != 1) {
        text.append(" temperature=").append(number(sampling.temperature()));
      }
    } else {
      text.append("greedy");
    }
    if (repetitionPenalty != 1) {
      text.append(" repetition=").append(number(repetitionPenalty));
    }
    text.append(" max=").append(maxLength);
    if (minLength > 0) {
      text.append(" min=").append(minLength);
    }
    return text.toString();
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
