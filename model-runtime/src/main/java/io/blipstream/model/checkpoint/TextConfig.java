package io.blipstream.model.checkpoint;

/**
 * Dimensions and special tokens of BLIP's text transformer, encoder and decoder alike.
 *
 * @param vocabularySize V, rows of the word embedding; the last ones are BLIP's own tokens
 * @param width H, the size of a token's embedding
 * @param layers number of transformer layers
 * @param heads attention heads in a layer; divides the width
 * @param mlpWidth inner size of a layer's MLP
 * @param maxPositions the longest text, in tokens
 * @param eps epsilon of every layer normalisation
 * @param bosTokenId first token of a decoded text, [DEC]
 * @param sepTokenId end token of every text; a stated {@code eos_token_id} means nothing
 * @param padTokenId fills the ends of short texts
 */
public record TextConfig(
    int vocabularySize,
    int width,
    int layers,
    int heads,
    int mlpWidth,
    int maxPositions,
    float eps,
    int bosTokenId,
    int sepTokenId,
    int padTokenId) {

  public TextConfig {
    if (vocabularySize <= 0 || width <= 0 || layers <= 0 || heads <= 0 || mlpWidth <= 0) {
      throw new IllegalArgumentException("the text sizes must be above 0");
    }
    if (maxPositions <= 0) {
      throw new IllegalArgumentException("the longest text must be above 0 tokens");
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "the text width %d is no multiple of its %d heads".formatted(width, heads));
    }
    requireToken("bos_token_id", bosTokenId, vocabularySize);
    requireToken("sep_token_id", sepTokenId, vocabularySize);
    requireToken("pad_token_id", padTokenId, vocabularySize);
  }

  /**
   * First token of a text whose match with an image is judged, as BLIP was trained: [ENC]. No
   * configuration states it; the original adds it to the vocabulary right after [DEC]. May lie
   * outside the vocabulary of a checkpoint without it.
   */
  public int encTokenId() {
    return bosTokenId + 1;
  }

  private static void requireToken(String name, int id, int vocabularySize) {
    if (id < 0 || id >= vocabularySize) {
      throw new IllegalArgumentException(
          "%s %d is outside the vocabulary of %d tokens".formatted(name, id, vocabularySize));
    }
  }
}
