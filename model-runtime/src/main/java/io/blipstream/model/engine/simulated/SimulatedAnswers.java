package io.blipstream.model.engine.simulated;

import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the simulated engine says of images: a function of seed, image id and text alone, whatever
 * batch or process the image is in. Who knows the seed knows what must come out.
 *
 * <p>ITM probabilities are uniform in [0, 1), so a threshold t keeps 1 - t of the texts; ITC
 * similarities are uniform in [-1, 1).
 *
 * @param seed another seed, other answers
 * @param failRate share of images that the model fails on, 0 to 1
 */
public record SimulatedAnswers(long seed, double failRate) {

  private static final List<String> LOOKS =
      List.of("small", "large", "red", "blue", "green", "old", "bright", "wet");
  private static final List<String> THINGS =
      List.of("boat", "house", "tree", "dog", "lamp", "bridge", "kettle", "bird");
  private static final List<String> PLACES =
      List.of("at night", "by the sea", "in the snow", "on a table", "under a roof", "in a field");

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  public SimulatedAnswers {
    if (!(failRate >= 0 && failRate <= 1)) {
      throw new IllegalArgumentException("the fail rate must be from 0 to 1, not " + failRate);
    }
  }

  /** Whether the model fails on this image, in whatever batch it is, alone too. */
  public boolean failsOn(String imageId) {
    return dice("fail", imageId).nextDouble() < failRate;
  }

  /** The judgement of an image on which the model does not fail. */
  public Judgement judgement(String imageId, List<String> webTexts) {
    List<TextScore> scores = new ArrayList<>();
    webTexts.forEach(text -> scores.add(score(imageId, text, TextSource.WEB)));
    scores.add(score(imageId, caption(imageId), TextSource.SYNTHETIC));
    return new Judgement(imageId, scores);
  }

  private String caption(String imageId) {
    SplittableRandom dice = dice("caption", imageId);
    return "a " + pick(LOOKS, dice) + " " + pick(THINGS, dice) + " " + pick(PLACES, dice);
  }

  private TextScore score(String imageId, String text, TextSource source) {
    SplittableRandom dice = dice(source.name(), imageId, text);
    return new TextScore(
        text, source, (float) dice.nextDouble(), (float) (2 * dice.nextDouble() - 1));
  }

  private static String pick(List<String> choices, SplittableRandom dice) {
    return choices.get(dice.nextInt(choices.size()));
  }

  /** Seeded by FNV-1a over all parts; the generator itself makes neighbouring seeds unlike. */
  private SplittableRandom dice(String... parts) {
    long hash = FNV_OFFSET ^ seed;
    for (String part : parts) {
      for (int i = 0; i < part.length(); i++) {
        hash = (hash ^ part.charAt(i)) * FNV_PRIME;
      }
      // Beyond any character, so that parts do not run into each other.
      hash = (hash ^ 0x10000) * FNV_PRIME;
    }
    return new SplittableRandom(hash);
  }
}
