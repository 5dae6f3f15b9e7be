package io.blipstream.model.evaluate;

import io.blipstream.model.CapFilt;
import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.model.scenes.Scene;
import io.blipstream.model.scenes.SceneJudge;
import io.blipstream.model.scenes.WebText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Runs CapFilt over scenes of the full world and holds its results against the truth. */
public final class SceneEvaluation {

  private final CapFilt capFilt;
  private final double threshold;
  private final SceneJudge judge = new SceneJudge();

  public SceneEvaluation(CapFilt capFilt, double threshold) {
    this.capFilt = capFilt;
    this.threshold = threshold;
  }

  /**
   * Evaluates scenes 0 to {@code scenes - 1} of a seed.
   *
   * @param progress told how many scenes are done
   */
  public SceneReport run(int scenes, long seed, IntConsumer progress) {
    Tally tally = new Tally();
    SceneBatch.each(
        scenes,
        seed,
        Pictures.DEMO,
        batch -> {
          List<Judgement> judgements = batch.judgedBy(capFilt);
          for (int i = 0; i < batch.size(); i++) {
            tally.add(batch.scenes().get(i), batch.texts().get(i), judgements.get(i));
          }
          progress.accept(batch.first() + batch.size());
        });
    return tally.report(scenes, seed);
  }

  /** Counts over all scenes. */
  private final class Tally {
    private final Map<WebText.Truth, List<Float>> itm = new EnumMap<>(WebText.Truth.class);
    private final Map<WebText.Truth, List<Float>> itc = new EnumMap<>(WebText.Truth.class);
    private final Verdicts.Counter web = new Verdicts.Counter();
    private final Verdicts.Counter synthetic = new Verdicts.Counter();
    private int captions;
    private int namesRightThing;
    private int isTrue;

    Tally() {
      for (WebText.Truth truth : WebText.Truth.values()) {
        itm.put(truth, new ArrayList<>());
        itc.put(truth, new ArrayList<>());
      }
    }

    void add(Scene scene, WebText text, Judgement judgement) {
      for (TextScore score : judgement.scores()) {
        boolean accepted = score.accepted(threshold);
        if (score.source() == TextSource.WEB) {
          itm.get(text.truth()).add(score.itmProbability());
          itc.get(text.truth()).add(score.itcSimilarity());
          web.add(text.truth() == WebText.Truth.RIGHT, accepted);
        } else {
          captions++;
          namesRightThing += judge.namesRightThing(scene, score.text()) ? 1 : 0;
          boolean holds = judge.isTrue(scene, score.text());
          isTrue += holds ? 1 : 0;
          synthetic.add(holds, accepted);
        }
      }
    }

    SceneReport report(int scenes, long seed) {
      return new SceneReport(
          scenes,
          seed,
          threshold,
          (double) namesRightThing / captions,
          (double) isTrue / captions,
          RankingQuality.auc(itm.get(WebText.Truth.RIGHT), itm.get(WebText.Truth.WRONG)),
          RankingQuality.auc(itm.get(WebText.Truth.RIGHT), itm.get(WebText.Truth.VAGUE)),
          RankingQuality.auc(itc.get(WebText.Truth.RIGHT), itc.get(WebText.Truth.WRONG)),
          web.verdicts(),
          synthetic.verdicts());
    }
  }
}
