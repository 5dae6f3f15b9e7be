package io.blipstream.model.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Values that an untrained BLIP starts from: Glorot-uniform matrices (Glorot and Bengio 2010),
 * normal embeddings, biases 0, norms 1. Image positions start as two-dimensional sines and cosines,
 * which a small model on little data would take long to find by itself.
 */
final class InitialValues {

  private static final double EMBEDDING_DEVIATION = 0.05;

  /** Longest wave of a position, in patches, over 2 pi. */
  private static final double LONGEST_WAVE = 100;

  private final SplittableRandom random;

  InitialValues(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Values for a parameter of this name and shape, row by row. */
  float[] of(String name, long[] shape) {
    int size = 1;
    for (long dimension : shape) {
      size = Math.multiplyExact(size, Math.toIntExact(dimension));
    }
    float[] values = new float[size];
    if (name.endsWith(".bias") || name.endsWith("class_embedding")) {
      return values;
    }
    if (name.toLowerCase(Locale.ROOT).contains("norm")) {
      Arrays.fill(values, 1);
    } else if (name.endsWith("position_embedding")) {
      waves(values, Math.toIntExact(shape[1]) - 1, Math.toIntExact(shape[2]));
    } else if (name.contains("_embeddings.")) {
      normal(values);
    } else {
      glorot(values, shape[0], size / shape[0]);
    }
    return values;
  }

  private void normal(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (EMBEDDING_DEVIATION * random.nextGaussian());
    }
  }

  private void glorot(float[] values, long out, long in) {
    double bound = Math.sqrt(6.0 / (out + in));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }

  /** A quarter of the width each: sine and cosine of the row, sine and cosine of the column. */
  private static void waves(float[] values, int patches, int width) {
    int side = (int) Math.round(Math.sqrt(patches));
    int quarter = width / 4;
    for (int patch = 0; patch < patches; patch++) {
      int start = (1 + patch) * width;
      int row = patch / side;
      int column = patch % side;
      for (int i = 0; i < quarter; i++) {
        double frequency = Math.pow(LONGEST_WAVE, -(double) i / quarter);
        double rowAngle = row * frequency;
        double columnAngle = column * frequency;
        values[start + i] = (float) Math.sin(rowAngle);
        values[start + quarter + i] = (float) Math.cos(rowAngle);
        values[start + 2 * quarter + i] = (float) Math.sin(columnAngle);
        values[start + 3 * quarter + i] = (float) Math.cos(columnAngle);
      }
    }
  }
}
