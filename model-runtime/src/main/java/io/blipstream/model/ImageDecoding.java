package io.blipstream.model;

/** Which pixels an image is decoded to before it is resized to what the models take. */
public enum ImageDecoding {
  /** The reference's, Pillow's, bit for bit. */
  EXACT,

  /**
   * Those of libjpeg-turbo's scaled decoding, by 2, 4 or 8, for JPEG files at least twice as large
   * on both sides as the models take: faster, and near the reference's pixels.
   */
  SCALED
}
