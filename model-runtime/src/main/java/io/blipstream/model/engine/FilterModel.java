package io.blipstream.model.engine;

import io.blipstream.model.text.TokenBatch;

/** Loaded text encoders of a filter, and its ITM and ITC heads. */
public interface FilterModel {

  /**
   * Scores texts by image-text matching and by image-text contrastive similarity.
   *
   * @param images B images, encoded with the filter's own vision weights
   * @param matchTexts T texts an image, as ITM takes them: the first T belong to the first image,
   *     and so on
   * @param texts the same texts as ITC takes them: they may begin with another token
   * @throws IllegalArgumentException if the images have no equal number of texts each
   */
  FilterScores score(EncodedImages images, TokenBatch matchTexts, TokenBatch texts);

  /**
   * Texts an image.
   *
   * @throws IllegalArgumentException if it is not the same for each, or the two batches differ
   */
  static int textsPerImage(EncodedImages images, TokenBatch matchTexts, TokenBatch texts) {
    int perImage = images.count() == 0 ? 0 : texts.size() / images.count();
    if (perImage * images.count() != texts.size()) {
      throw new IllegalArgumentException(
          "%d texts are not the same number for each of %d images"
              .formatted(texts.size(), images.count()));
    }
    if (!texts.hasShapeOf(matchTexts)) {
      throw new IllegalArgumentException("ITM and ITC take the same texts, token for token");
    }
    return perImage;
  }
}
