package io.blipstream.app.topology;

import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.schemas.RejectStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a judgement into verdicts: each text by itself, web and synthetic alike, against one
 * threshold. Both may be kept, or neither.
 *
 * <p>A blank web text is no text to judge and is left out before the model sees it. A blank
 * synthetic text is a text considered, refused whatever its score: nobody can use an empty caption.
 */
final class Verdicts {

  private final float threshold;

  Verdicts(double threshold) {
    // Compared and written as the same float, so that a reader of the topic can repeat it.
    this.threshold = (float) threshold;
  }

  float threshold() {
    return threshold;
  }

  /** The verdicts of a judgement that {@link JudgementCheck} let pass. */
  List<Verdict> of(Judgement judgement) {
    List<Verdict> verdicts = new ArrayList<>();
    for (TextScore score : judgement.scores()) {
      verdicts.add(new Verdict(score, refusal(score)));
    }
    return verdicts;
  }

  private Optional<Refusal> refusal(TextScore score) {
    if (score.text().isBlank()) {
      return Optional.of(
          new Refusal(RejectStage.FILTER, "EMPTY_TEXT", "The captioner wrote an empty text."));
    }
    if (score.itmProbability() >= threshold) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            RejectStage.FILTER,
            "TEXT_NOT_MATCHED",
            "The text matches its image with probability "
                + inThousandths(score.itmProbability())
                + ", below the threshold of "
                + inThousandths(threshold)
                + "."));
  }

  /**
   * Three decimals of a number from 0 to 1. A formatter would cost as much as all else that is done
   * for a verdict.
   */
  private static String inThousandths(float share) {
    String digits = Long.toString(1000 + Math.round(1000.0 * Math.max(0, share)));
    int point = digits.length() - 3;
    return (digits.charAt(0) - '1') + "." + digits.substring(point);
  }
}
