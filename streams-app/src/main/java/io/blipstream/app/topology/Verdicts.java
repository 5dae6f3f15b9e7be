package io.blipstream.app.topology;

import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.schemas.RejectStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns a judgement into verdicts: each text by itself, web and synthetic alike, against one
 * threshold. Both may be kept, or neither.
 *
 * <p>A blank web text is no text to judge and is left out before the model sees it. A blank
 * synthetic text is a text considered, refused whatever its score: nobody can use an empty caption.
 */
final class Verdicts {

  /** Softmax and cosine in single precision may stray this far beyond their bounds. */
  private static final float ROUNDING = 1e-3f;

  private final float threshold;

  Verdicts(double threshold) {
    // Compared and written as the same float, so that a reader of the topic can repeat it.
    this.threshold = (float) threshold;
  }

  float threshold() {
    return threshold;
  }

  /**
   * @throws RefusedException if the judgement is none of this input, or holds a number that is no
   *     score: a fault of the model, never a verdict
   */
  List<Verdict> of(CapFiltInput input, Judgement judgement) throws RefusedException {
    requireAnswers(input, judgement);
    List<Verdict> verdicts = new ArrayList<>();
    for (TextScore score : judgement.scores()) {
      requireScore(score);
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
            String.format(
                Locale.ROOT,
                "The text matches its image with probability %.3f, below the threshold of %.3f.",
                score.itmProbability(),
                threshold)));
  }

  private static void requireAnswers(CapFiltInput input, Judgement judgement)
      throws RefusedException {
    List<String> web =
        judgement.scores().stream()
            .filter(score -> score.source() == TextSource.WEB)
            .map(TextScore::text)
            .toList();
    if (!judgement.imageId().equals(input.imageId()) || web.size() != input.webTexts().size()) {
      throw new RefusedException(
          RejectStage.MODEL,
          "MODEL_FAILED",
          "The model answered for image '"
              + judgement.imageId()
              + "' with "
              + web.size()
              + " web texts where '"
              + input.imageId()
              + "' with "
              + input.webTexts().size()
              + " was asked.");
    }
  }

  private static void requireScore(TextScore score) throws RefusedException {
    float itm = score.itmProbability();
    float itc = score.itcSimilarity();
    // Written so that NaN fails it.
    boolean sound =
        itm >= -ROUNDING && itm <= 1 + ROUNDING && itc >= -1 - ROUNDING && itc <= 1 + ROUNDING;
    if (!sound) {
      throw new RefusedException(
          RejectStage.MODEL,
          "MODEL_FAILED",
          "The model gave numbers that are no scores: ITM " + itm + ", ITC " + itc + ".");
    }
  }
}
