package io.blipstream.model.generate;

import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.Greedy;
import io.blipstream.model.generate.Strategy.Sampling;
import java.util.List;

/**
 * Writes texts for images with a decoder, token by token, as {@code generate} of Hugging Face
 * transformers 5.18 does; the same way for every engine.
 *
 * <p>Order within a step, as there: repetition penalty, minimum length, and for sampling
 * temperature, top-k, top-p. Beam search applies the first two to log-probabilities, the others to
 * logits. An image whose texts are complete leaves the batch and costs nothing from then on, and no
 * image's texts depend on what else is in its batch.
 *
 * <p>Sampling takes its random numbers from the image's id and the candidate's number alone (see
 * {@link SampleStream}), so that a replay writes the same texts. That is as exact as the logits
 * are: engines whose logits differ in the last digits choose differently only where a number falls
 * between the two sums of probabilities, about once in a million tokens.
 */
public final class CaptionGenerator {

  private final DecodingSettings settings;
  private final RowSearch search;

  /**
   * @param text the model's tokens and longest text
   * @throws IllegalArgumentException if the model cannot write texts of these settings
   */
  public CaptionGenerator(CaptionModel model, TextConfig text, DecodingSettings settings) {
    if (settings.maxLength() > text.maxPositions()) {
      throw new IllegalArgumentException(
          "the model writes at most %d tokens, not %d"
              .formatted(text.maxPositions(), settings.maxLength()));
    }
    this.settings = settings;
    this.search = search(model, text, settings);
  }

  private static RowSearch search(CaptionModel model, TextConfig text, DecodingSettings settings) {
    if (settings.strategy() instanceof Beam beam) {
      if (text.vocabularySize() <= 2 * beam.beams()) {
        throw new IllegalArgumentException(
            "a vocabulary of %d tokens is too small for %d beams"
                .formatted(text.vocabularySize(), beam.beams()));
      }
      return new BeamSearch(model, text.sepTokenId(), settings, beam);
    }
    if (settings.strategy() instanceof Sampling sampling) {
      return new IndependentSearch(model, text.sepTokenId(), settings, new SampledToken(sampling));
    }
    if (settings.strategy() instanceof Greedy) {
      return new IndependentSearch(model, text.sepTokenId(), settings, new LikeliestToken());
    }
    throw new AssertionError(settings.strategy());
  }

  /**
   * Texts for each image.
   *
   * @param imageIds an id for each image; only sampling asks for them
   * @param candidates texts an image: 1 for greedy decoding; at most as many as beams, the best
   *     ones; any number of samples, which may be equal
   * @param start tokens that every text begins with; they leave room below the maximum length
   * @return for each image its texts, beams with the best first
   * @throws io.blipstream.model.InferenceException if the device fails, or a logit is not a number
   */
  public List<List<GeneratedText>> generate(
      EncodedImages images, List<String> imageIds, int candidates, long... start) {
    settings.requireCandidates(candidates);
    requireRoom(start);
    if (imageIds.size() != images.count()) {
      throw new IllegalArgumentException(
          "%d images need an id each, but there are %d".formatted(images.count(), imageIds.size()));
    }
    return images.count() == 0 ? List.of() : search.run(images, imageIds, candidates, start);
  }

  /**
   * Requires that texts can begin so.
   *
   * @throws IllegalArgumentException saying how many tokens would be needed
   */
  public void requireRoom(long... start) {
    if (start.length == 0 || start.length >= settings.maxLength()) {
      throw new IllegalArgumentException(
          "%d start tokens leave no room for a caption of at most %d tokens"
                  .formatted(start.length, settings.maxLength())
              + "; take a shorter prompt or allow a longer caption");
    }
  }

  public DecodingSettings settings() {
    return settings;
  }

  /** One way of choosing texts. */
  interface RowSearch {

    /** As {@link CaptionGenerator#generate}, of arguments that are checked. */
    List<List<GeneratedText>> run(
        EncodedImages images, List<String> imageIds, int candidates, long... start);
  }
}
