package io.blipstream.model.train;

/**
 * One step's images and texts. All texts are token ids, padded with 0 to a common length.
 *
 * @param images B
 * @param pixels normalised, [B, 3, S, S]
 * @param captionsPerImage K true captions an image
 * @param captions [B, K, L], beginning with [CLS], ending with [SEP]
 * @param captionLength L
 * @param falseTexts one text an image that is not true of it, [B, M]
 * @param falseLength M
 * @param fits whether the first caption of image j (column) is true of image i (row), [B, B]; never
 *     taken as a negative pair
 */
@SuppressWarnings("ArrayRecordComponent") // large, made once, handed over to the trainer
public record TrainingBatch(
    int images,
    float[] pixels,
    int captionsPerImage,
    long[] captions,
    int captionLength,
    long[] falseTexts,
    int falseLength,
    boolean[] fits) {

  /** Ids of one caption, padded. */
  long[] caption(int image, int number) {
    long[] ids = new long[captionLength];
    int row = image * captionsPerImage + number;
    System.arraycopy(captions, row * captionLength, ids, 0, captionLength);
    return ids;
  }

  /** Ids of an image's false text, padded. */
  long[] falseText(int image) {
    long[] ids = new long[falseLength];
    System.arraycopy(falseTexts, image * falseLength, ids, 0, falseLength);
    return ids;
  }
}
