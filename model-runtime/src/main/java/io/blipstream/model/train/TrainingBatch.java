package io.blipstream.model.train;

import java.util.List;

/**
 * One step's images and texts; texts are token ids, from [CLS] to [SEP].
 *
 * @param images B
 * @param pixels normalised, [B, 3, S, S]
 * @param captionsPerImage K true captions an image
 * @param captions B * K of them, those of an image next to each other
 * @param falseTexts for each image a text that is not true of it
 * @param fits whether the first caption of image j (column) is true of image i (row), [B, B]; never
 *     taken as a negative pair
 */
@SuppressWarnings("ArrayRecordComponent") // large, made once, handed over to the trainer
public record TrainingBatch(
    int images,
    float[] pixels,
    int captionsPerImage,
    List<long[]> captions,
    List<long[]> falseTexts,
    boolean[] fits) {

  /** One caption of an image. */
  long[] caption(int image, int number) {
    return captions.get(image * captionsPerImage + number);
  }
}
