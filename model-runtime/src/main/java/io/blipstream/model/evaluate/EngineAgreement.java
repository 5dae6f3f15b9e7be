package io.blipstream.model.evaluate;

import io.blipstream.model.CapFilt;
import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How far two engines say the same of the same scenes.
 *
 * <p>Verdicts and scores are compared for texts that both judged: web texts, and captions where
 * both wrote the same.
 *
 * @param engine whose results are looked at, such as {@code onnx cpu int8}
 * @param reference the engine they are held against
 * @param scenes number of scenes
 * @param sameCaptions share of scenes that both gave the same caption
 * @param texts texts that both judged
 * @param itmDifferenceMean mean of the absolute differences of ITM probabilities
 * @param itmDifferenceMax the largest of them
 * @param itcDifferenceMax the largest absolute difference of ITC similarities
 * @param verdictFlips texts that one accepts and the other does not
 * @param verdictFlipShare the same as a share of the texts
 */
public record EngineAgreement(
    String engine,
    String reference,
    int scenes,
    double sameCaptions,
    int texts,
    double itmDifferenceMean,
    double itmDifferenceMax,
    double itcDifferenceMax,
    int verdictFlips,
    double verdictFlipShare) {

  /**
   * Lets both judge scenes 0 to {@code scenes - 1} of a seed.
   *
   * @param threshold ITM probability from which a text is accepted
   * @param pictures what files both are given
   * @param progress told how many scenes are done
   */
  public static EngineAgreement of(
      CapFilt engine,
      CapFilt reference,
      double threshold,
      int scenes,
      long seed,
      Pictures pictures,
      IntConsumer progress) {
    Tally tally = new Tally(threshold);
    SceneBatch.each(
        scenes,
        seed,
        pictures,
        batch -> {
          List<Judgement> mine = batch.judgedBy(engine);
          List<Judgement> theirs = batch.judgedBy(reference);
          for (int i = 0; i < batch.size(); i++) {
            tally.add(mine.get(i), theirs.get(i));
          }
          progress.accept(batch.first() + batch.size());
        });
    return new EngineAgreement(
        engine.description().engine(),
        reference.description().engine(),
        scenes,
        (double) tally.sameCaptions / scenes,
        tally.texts,
        tally.itmSum / tally.texts,
        tally.itmMax,
        tally.itcMax,
        tally.flips,
        (double) tally.flips / tally.texts);
  }

  /** Counts over all scenes. */
  private static final class Tally {

    private final double threshold;
    private int sameCaptions;
    private int texts;
    private double itmSum;
    private double itmMax;
    private double itcMax;
    private int flips;

    Tally(double threshold) {
      this.threshold = threshold;
    }

    void add(Judgement mine, Judgement theirs) {
      boolean same = true;
      for (TextScore score : mine.scores()) {
        Optional<TextScore> other =
            theirs.scores().stream()
                .filter(s -> s.source() == score.source() && s.text().equals(score.text()))
                .findFirst();
        same &= score.source() == TextSource.WEB || other.isPresent();
        other.ifPresent(reference -> compare(score, reference));
      }
      sameCaptions += same ? 1 : 0;
    }

    private void compare(TextScore mine, TextScore theirs) {
      texts++;
      double itm = Math.abs((double) mine.itmProbability() - theirs.itmProbability());
      itmSum += itm;
      itmMax = Math.max(itmMax, itm);
      itcMax = Math.max(itcMax, Math.abs((double) mine.itcSimilarity() - theirs.itcSimilarity()));
      flips += mine.accepted(threshold) == theirs.accepted(threshold) ? 0 : 1;
    }
  }
}
