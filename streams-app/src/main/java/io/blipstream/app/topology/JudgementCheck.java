package io.blipstream.app.topology;

import io.blipstream.model.CapFiltInput;
import io.blipstream.model.InferenceException;
import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import java.util.List;

/**
 * Refuses what is no judgement, whichever model gave it: a broken result is an error of the model,
 * never a verdict. Checked before anyone sees a result, so that a batch with a broken one is
 * computed again in parts like any other that failed.
 */
final class JudgementCheck {

  /** Softmax and cosine in single precision may stray this far beyond their bounds. */
  private static final float ROUNDING = 1e-3f;

  private JudgementCheck() {}

  /**
   * @return the judgements as they are
   * @throws InferenceException if they are not one for each input, in order, with one score for
   *     each web text and at least one for a synthetic text, all of them within their bounds
   */
  static List<Judgement> require(List<CapFiltInput> inputs, List<Judgement> judgements) {
    if (judgements == null || judgements.size() != inputs.size()) {
      throw new InferenceException(
          "The model gave %s judgements for %d images."
              .formatted(judgements == null ? "no" : judgements.size(), inputs.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      requireAnswer(inputs.get(i), judgements.get(i));
    }
    return judgements;
  }

  private static void requireAnswer(CapFiltInput input, Judgement judgement) {
    if (judgement == null) {
      throw new InferenceException(
          "The model gave no judgement for image '%s'.".formatted(input.imageId()));
    }
    long web = count(judgement, TextSource.WEB);
    long synthetic = count(judgement, TextSource.SYNTHETIC);
    if (!input.imageId().equals(judgement.imageId())
        || web != input.webTexts().size()
        || synthetic == 0) {
      throw new InferenceException(
          "The model answered for image '%s' with %d web and %d synthetic texts where '%s' with %d web texts was asked."
              .formatted(
                  judgement.imageId(), web, synthetic, input.imageId(), input.webTexts().size()));
    }
    judgement.scores().forEach(JudgementCheck::requireScore);
  }

  private static long count(Judgement judgement, TextSource source) {
    long count = 0;
    for (TextScore score : judgement.scores()) {
      count += score.source() == source ? 1 : 0;
    }
    return count;
  }

  private static void requireScore(TextScore score) {
    float itm = score.itmProbability();
    float itc = score.itcSimilarity();
    // Written so that NaN fails it.
    boolean sound =
        itm >= -ROUNDING && itm <= 1 + ROUNDING && itc >= -1 - ROUNDING && itc <= 1 + ROUNDING;
    if (!sound) {
      throw new InferenceException(
          "The model gave numbers that are no scores: ITM " + itm + ", ITC " + itc + ".");
    }
    if (score.text() == null || score.source() == null) {
      throw new InferenceException("The model gave scores without a text or its source.");
    }
  }
}
