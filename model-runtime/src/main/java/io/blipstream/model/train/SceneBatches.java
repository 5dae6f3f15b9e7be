package io.blipstream.model.train;

import io.blipstream.model.image.Normalization;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;
import io.blipstream.model.scenes.Flaw;
import io.blipstream.model.scenes.SceneJudge;
import io.blipstream.model.scenes.ScenePainter;
import io.blipstream.model.scenes.SceneSample;
import io.blipstream.model.scenes.SceneSampler;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Batches of drawn scenes, with a curriculum from easy to full. */
public final class SceneBatches implements BatchSource {

  /**
   * How often a false text has each flaw early on; a flaw that a scene does not allow is skipped.
   */
  private static final Map<Flaw, Double> EASY_MIX =
      Map.of(Flaw.VAGUE, 0.15, Flaw.OTHER_SCENE, 0.55, Flaw.COLOUR, 0.3);

  /** And how often from {@link Curriculum#hardFrom} on. */
  private static final Map<Flaw, Double> HARD_MIX =
      Map.of(
          Flaw.VAGUE, 0.06,
          Flaw.OTHER_SCENE, 0.1,
          Flaw.COLOUR, 0.15,
          Flaw.THING, 0.2,
          Flaw.COUNT, 0.15,
          Flaw.POSITION, 0.34);

  private final TrainingPlan plan;
  private final Curriculum curriculum;
  private final Function<String, long[]> tokenizer;
  private final Normalization normalization;
  private final SceneSampler sampler;
  private final ScenePainter painter = new ScenePainter();
  private final SceneJudge judge = new SceneJudge();

  /**
   * @param tokenizer text to ids, from [CLS] to [SEP]
   */
  public SceneBatches(
      TrainingPlan plan,
      Curriculum curriculum,
      Function<String, long[]> tokenizer,
      Normalization normalization) {
    this.plan = plan;
    this.curriculum = curriculum;
    this.tokenizer = tokenizer;
    this.normalization = normalization;
    this.sampler = new SceneSampler(plan.seed());
  }

  @Override
  public TrainingBatch batch(long step, double progress) {
    SplittableRandom random = new SplittableRandom(plan.seed() + step);
    int images = plan.batch();
    int side = plan.architecture().vision().imageSize();
    float[] pixels = new float[images * 3 * side * side];
    List<SceneSample> samples = new ArrayList<>();
    List<long[]> captions = new ArrayList<>();
    List<long[]> falseTexts = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      SceneSample sample =
          sampler.sample(
              step * images + i, curriculum.difficulty(progress), plan.captionsPerImage());
      samples.add(sample);
      paint(sample, side, pixels, i);
      for (int k = 0; k < plan.captionsPerImage(); k++) {
        List<String> texts = sample.captions();
        captions.add(tokenizer.apply(texts.get(k % texts.size())));
      }
      falseTexts.add(tokenizer.apply(falseText(sample, progress, random)));
    }
    return new TrainingBatch(
        images, pixels, plan.captionsPerImage(), captions, falseTexts, fits(samples));
  }

  private void paint(SceneSample sample, int side, float[] pixels, int row) {
    RgbImage painted = rgb(painter.paint(sample.scene(), curriculum.paintedSide()));
    RgbImage resized = PillowResize.bicubic(painted, side, side);
    normalization.write(resized, pixels, row * 3 * side * side);
  }

  private static RgbImage rgb(BufferedImage image) {
    int side = image.getWidth();
    int[] packed = image.getRGB(0, 0, side, side, null, 0, side);
    byte[] rgb = new byte[3 * packed.length];
    for (int i = 0; i < packed.length; i++) {
      rgb[3 * i] = (byte) (packed[i] >> 16);
      rgb[3 * i + 1] = (byte) (packed[i] >> 8);
      rgb[3 * i + 2] = (byte) packed[i];
    }
    return new RgbImage(side, side, rgb);
  }

  private String falseText(SceneSample sample, double progress, SplittableRandom random) {
    boolean hard = random.nextDouble() < curriculum.hardness(progress);
    Map<Flaw, Double> mix = hard ? HARD_MIX : EASY_MIX;
    double sum = 0;
    for (Flaw flaw : sample.falseTexts().keySet()) {
      sum += mix.getOrDefault(flaw, 0.0);
    }
    double left = random.nextDouble() * sum;
    String chosen = "";
    for (Map.Entry<Flaw, String> text : sample.falseTexts().entrySet()) {
      double weight = mix.getOrDefault(text.getKey(), 0.0);
      if (weight > 0) {
        chosen = text.getValue();
        left -= weight;
        if (left < 0) {
          break;
        }
      }
    }
    return chosen;
  }

  private boolean[] fits(List<SceneSample> samples) {
    int images = samples.size();
    boolean[] fits = new boolean[images * images];
    for (int image = 0; image < images; image++) {
      for (int text = 0; text < images; text++) {
        fits[image * images + text] =
            judge.isTrue(samples.get(image).scene(), samples.get(text).captions().get(0));
      }
    }
    return fits;
  }
}
