package io.blipstream.model.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.model.scenes.Scene;
import io.blipstream.model.scenes.SceneGenerator;
import io.blipstream.model.scenes.SceneGrammar;
import io.blipstream.model.scenes.SceneJudge;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

class SceneEvaluationTest {

  private static final int SCENES = 300;
  private static final long SEED = 11;

  private final SceneJudge judge = new SceneJudge();

  @Test
  void shouldFindNoFaultWithOneWhoKnowsTheTruth() {
    SceneReport report = evaluate((scene, text) -> judge.isTrue(scene, text), false);

    assertThat(report.captionNamesRightThing()).isEqualTo(1);
    assertThat(report.captionIsTrue()).isEqualTo(1);
    assertThat(report.itmAucRightAgainstWrong()).isEqualTo(1);
    assertThat(report.itmAucRightAgainstVague()).isEqualTo(1);
    assertThat(report.webVerdicts()).isEqualTo(new Verdicts(SCENES, 1, 1, 1));
    assertThat(report.syntheticVerdicts()).isEqualTo(new Verdicts(SCENES, 1, 1, 1));
  }

  @Test
  void shouldSeeThroughOneWhoGuesses() {
    SplittableRandom random = new SplittableRandom(3);
    SceneReport report = evaluate((scene, text) -> random.nextBoolean(), true);

    assertThat(report.captionNamesRightThing()).isLessThan(0.1);
    assertThat(report.captionIsTrue()).isLessThan(0.1);
    assertThat(report.itmAucRightAgainstWrong()).isCloseTo(0.5, within(0.1));
    assertThat(report.webVerdicts().accuracy()).isCloseTo(0.5, within(0.1));
  }

  /** Judges by the predicate; captions tell of the scene, or of the one after it. */
  private SceneReport evaluate(BiPredicate<Scene, String> matches, boolean wrongCaptions) {
    SceneGenerator generator = new SceneGenerator(SEED);
    SceneGrammar grammar = new SceneGrammar();
    CapFilt capFilt =
        new CapFilt() {
          @Override
          public PreparedImage prepare(byte[] encoded) {
            assertThat(encoded).startsWith(0x89, 'P', 'N', 'G');
            return () -> encoded.length;
          }

          @Override
          public List<Judgement> judge(List<CapFiltInput> batch) {
            return batch.stream().map(this::judge).toList();
          }

          private Judgement judge(CapFiltInput input) {
            long index = Long.parseLong(input.imageId().substring("scene-".length()));
            Scene scene = generator.scene(index);
            Scene told = wrongCaptions ? generator.scene(index + 1) : scene;
            String caption = grammar.caption(told, index);
            return new Judgement(
                input.imageId(),
                List.of(
                    score(scene, input.webTexts().get(0), TextSource.WEB),
                    score(scene, caption, TextSource.SYNTHETIC)));
          }

          private TextScore score(Scene scene, String text, TextSource source) {
            float value = matches.test(scene, text) ? 0.9f : 0.1f;
            return new TextScore(text, source, value, value);
          }

          @Override
          public ModelDescription description() {
            throw new UnsupportedOperationException();
          }

          @Override
          public void close() {}
        };
    return new SceneEvaluation(capFilt, 0.5).run(SCENES, SEED, done -> {});
  }
}
