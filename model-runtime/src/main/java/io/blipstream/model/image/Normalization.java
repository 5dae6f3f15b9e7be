package io.blipstream.model.image;

import io.blipstream.model.checkpoint.ImagePreprocessing;
import java.nio.FloatBuffer;

/**
 * (x/255 - mean)/std for each channel, from bytes [H, W, 3] to floats [3, H, W].
 *
 * <p>There are only 256 inputs a channel, so their outputs are computed once, in double.
 */
public final class Normalization {

  private static final int LEVELS = 256;

  /** [3, 256]. */
  private final float[] table = new float[RgbImage.CHANNELS * LEVELS];

  public Normalization(ImagePreprocessing preprocessing) {
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      double mean = preprocessing.mean().get(channel);
      double std = preprocessing.std().get(channel);
      for (int level = 0; level < LEVELS; level++) {
        table[channel * LEVELS + level] = (float) ((level / 255.0 - mean) / std);
      }
    }
  }

  /**
   * Writes one image of a batch.
   *
   * @param out a batch [B, 3, H, W]
   * @param offset where the image begins in it, in floats
   */
  public void write(RgbImage image, float[] out, int offset) {
    byte[] rgb = image.rgb();
    int pixels = image.width() * image.height();
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      int to = offset + channel * pixels;
      int levels = channel * LEVELS;
      for (int i = 0, from = channel; i < pixels; i++, from += RgbImage.CHANNELS) {
        out[to + i] = table[levels + (rgb[from] & 0xff)];
      }
    }
  }

  /** Writes like {@link #write(RgbImage, float[], int)}; the buffer's position stays. */
  public void write(RgbImage image, FloatBuffer out, int offset) {
    float[] values = new float[image.rgb().length];
    write(image, values, 0);
    out.put(offset, values);
  }
}
