package io.blipstream.model.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.blipstream.model.scenes.Scene.Arrangement;
import io.blipstream.model.scenes.WebText.Truth;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grammar, web texts and judge must agree, since each is the check of the others. */
class SceneTextsTest {
  private static final int MANY = 2000;
  private static final Scene PAIR =
      new Scene(
          Background.NAVY,
          List.of(
              new Group(Kind.KEY, Colour.YELLOW, Size.BIG, 1),
              new Group(Kind.CUP, Colour.RED, Size.SMALL, 2)),
          Arrangement.SIDE_BY_SIDE,
          1);

  private final SceneJudge judge = new SceneJudge();
  private final SceneGrammar grammar = new SceneGrammar();

  @Test
  void shouldJudgeEveryCaptionOfASceneTrueOfIt() {
    SceneGenerator generator = new SceneGenerator(7);
    for (int i = 0; i < MANY; i++) {
      Scene scene = generator.scene(i);
      for (String caption : grammar.captions(scene, i, 4)) {
        assertThat(judge.isTrue(scene, caption)).as("%s of %s", caption, scene).isTrue();
        assertThat(judge.namesRightThing(scene, caption)).isTrue();
        assertThat(caption.split(" ").length).isLessThanOrEqualTo(SceneGrammar.MOST_WORDS);
      }
    }
  }

  @Test
  void shouldJudgeEveryFalseTextFalse() {
    SceneSampler sampler = new SceneSampler(7);
    Map<Flaw, Integer> seen = new EnumMap<>(Flaw.class);
    for (int i = 0; i < MANY; i++) {
      SceneSample sample = sampler.sample(i, 1, 2);
      sample
          .falseTexts()
          .forEach(
              (flaw, text) -> {
                assertThat(judge.isTrue(sample.scene(), text))
                    .as("%s of %s", text, sample.scene())
                    .isFalse();
                seen.merge(flaw, 1, Integer::sum);
              });
    }
    assertThat(seen).containsOnlyKeys(Flaw.values());
    assertThat(seen.get(Flaw.COLOUR)).isEqualTo(MANY);
    assertThat(seen.get(Flaw.POSITION)).isBetween(MANY / 4, MANY / 2);
  }

  @ParameterizedTest
  @CsvSource({
    "A yellow key left of two red cups., true, true",
    "two small red cups right of a big yellow key on navy, true, true",
    "two red cups, true, true",
    "a key, true, false",
    "a yellow key right of two red cups, false, true",
    "a yellow key above two red cups, false, true",
    "a yellow key and a red cup, false, true",
    "a small yellow key, false, true",
    "a yellow key on a mint background, false, true",
    "a red key left of two yellow cups, false, false",
    "a yellow key and two red cups and a blue star, false, true",
    "photo from my album, false, false",
    "'', false, false",
  })
  void shouldJudgeAnyText(String text, boolean isTrue, boolean namesRightThing) {
    assertThat(judge.isTrue(PAIR, text)).isEqualTo(isTrue);
    assertThat(judge.namesRightThing(PAIR, text)).isEqualTo(namesRightThing);
  }

  @Test
  void shouldWriteWebTextsInTheStatedSharesAndWithTheStatedTruth() {
    SceneGenerator generator = new SceneGenerator(7);
    WebTexts webTexts = new WebTexts(7);
    Map<Truth, Integer> counts = new EnumMap<>(Truth.class);
    for (int i = 0; i < MANY; i++) {
      Scene scene = generator.scene(i);
      WebText web = webTexts.textFor(scene, i);
      assertThat(judge.isTrue(scene, web.text())).isEqualTo(web.truth() == Truth.RIGHT);
      counts.merge(web.truth(), 1, Integer::sum);
    }
    assertThat(counts.get(Truth.RIGHT) / (double) MANY).isCloseTo(0.5, within(0.04));
    assertThat(counts.get(Truth.VAGUE) / (double) MANY).isCloseTo(0.2, within(0.04));
    assertThat(counts.get(Truth.WRONG) / (double) MANY).isCloseTo(0.3, within(0.04));
  }

  @Test
  void shouldGiveTheSameSampleForTheSameNumber() {
    assertThat(new SceneSampler(7).sample(12, 0.5, 3))
        .isEqualTo(new SceneSampler(7).sample(12, 0.5, 3));
    assertThat(new WebTexts(7).textFor(PAIR, 12)).isEqualTo(new WebTexts(7).textFor(PAIR, 12));
  }
}
