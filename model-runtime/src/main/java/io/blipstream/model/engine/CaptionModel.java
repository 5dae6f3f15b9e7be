package io.blipstream.model.engine;

/** A loaded text decoder: next-token logits for images. */
public interface CaptionModel {

  /**
   * Starts one row of text an image, all with the same tokens.
   *
   * @param images B of them; may be closed once this returns
   * @param tokens at least one; the first is the decoder's start token
   */
  Decoding start(EncodedImages images, long... tokens);
}
