package io.blipstream.model.scenes;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** A numbered supply of training samples; what a number gives depends on nothing else. */
public final class SceneSampler {
  private static final long STREAM = 4;

  private final long seed;
  private final SceneGenerator generator;
  private final SceneGrammar grammar = new SceneGrammar();
  private final FalseTexts falseTexts = new FalseTexts();

  public SceneSampler(long seed) {
    this.seed = seed;
    this.generator = new SceneGenerator(seed);
  }

  /**
   * Sample {@code index}.
   *
   * @param difficulty 0 to 1, see {@link SceneGenerator#scene(long, double)}
   * @param captionCount how many captions to write; fewer come back when phrasings run out
   */
  public SceneSample sample(long index, double difficulty, int captionCount) {
    Scene scene = generator.scene(index, difficulty);
    Dice dice = Dice.of(seed, STREAM, index);
    long phrasing = dice.nextLong();
    Scene other = new SceneGenerator(dice.nextLong()).scene(index, difficulty);
    Map<Flaw, String> texts = new EnumMap<>(Flaw.class);
    for (Flaw flaw : Flaw.values()) {
      falseTexts.text(scene, other, flaw, dice).ifPresent(text -> texts.put(flaw, text));
    }
    return new SceneSample(
        scene, grammar.captions(scene, phrasing, captionCount), Collections.unmodifiableMap(texts));
  }
}
