package io.blipstream.model.checkpoint;

/**
 * Dimensions of BLIP's image encoder, a ViT.
 *
 * @param width D, the size of a token's embedding
 * @param layers number of transformer layers
 * @param heads attention heads in a layer; divides the width
 * @param mlpWidth inner size of a layer's MLP
 * @param imageSize side of the square image that the position embeddings are for, in pixels
 * @param patchSize side of a square patch, in pixels
 * @param eps epsilon of every layer normalisation
 */
public record VisionConfig(
    int width, int layers, int heads, int mlpWidth, int imageSize, int patchSize, float eps) {

  public VisionConfig {
    if (width <= 0 || layers <= 0 || heads <= 0 || mlpWidth <= 0 || patchSize <= 0) {
      throw new IllegalArgumentException("the vision sizes must be above 0");
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "the vision width %d is no multiple of its %d heads".formatted(width, heads));
    }
    if (imageSize < patchSize) {
      throw new IllegalArgumentException(
          "the image size %d is below the patch size %d".formatted(imageSize, patchSize));
    }
  }

  /** N, the tokens of an image of the stated size: its whole patches and the class token. */
  public int tokens() {
    return tokens(imageSize, imageSize);
  }

  /** N for an image of another size, in pixels, whose position embeddings are interpolated. */
  public int tokens(int height, int width) {
    return (height / patchSize) * (width / patchSize) + 1;
  }
}
