package io.blipstream.model.evaluate;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.scenes.Scene;
import io.blipstream.model.scenes.SceneGenerator;
import io.blipstream.model.scenes.SceneJudge;
import io.blipstream.model.scenes.ScenePainter;
import io.blipstream.model.scenes.WebText;
import io.blipstream.model.scenes.WebTexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import javax.imageio.ImageIO;

/** Runs CapFilt over scenes of the full world and holds its results against the truth. */
public final class SceneEvaluation {

  private static final int BATCH = 32;

  /** Side of the painted pictures, as the demo feeds them. */
  private static final int SIDE = 192;

  private final CapFilt capFilt;
  private final double threshold;
  private final ScenePainter painter = new ScenePainter();
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
    SceneGenerator generator = new SceneGenerator(seed);
    WebTexts webTexts = new WebTexts(seed);
    Tally tally = new Tally();
    for (int start = 0; start < scenes; start += BATCH) {
      List<Scene> batch = new ArrayList<>();
      List<WebText> texts = new ArrayList<>();
      List<CapFiltInput> inputs = new ArrayList<>();
      for (int i = start; i < Math.min(scenes, start + BATCH); i++) {
        Scene scene = generator.scene(i);
        WebText text = webTexts.textFor(scene, i);
        batch.add(scene);
        texts.add(text);
        inputs.add(new CapFiltInput("scene-" + i, prepared(scene), List.of(text.text())));
      }
      List<Judgement> judgements = capFilt.judge(inputs);
      for (int i = 0; i < batch.size(); i++) {
        tally.add(batch.get(i), texts.get(i), judgements.get(i));
      }
      progress.accept(start + batch.size());
    }
    return tally.report(scenes, seed);
  }

  private PreparedImage prepared(Scene scene) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(painter.paint(scene, SIDE), "png", png);
      return capFilt.prepare(png.toByteArray());
    } catch (IOException | UnreadableImageException e) {
      throw new IllegalStateException("A drawn scene could not be read back as an image.", e);
    }
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
