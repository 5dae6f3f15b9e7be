package io.blipstream.model.checkpoint;

import java.util.Arrays;

/**
 * Position embeddings of a square of patches, made to fit another rectangle as transformers' {@code
 * interpolate_pos_encoding} and the original's {@code interpolate_pos_embed} do.
 *
 * <p>That is torch's bicubic interpolation without antialiasing: a = -0.75, pixel centres at halves
 * ({@code align_corners=False}), edges repeated, 32-bit arithmetic. The class token's embedding,
 * the first row, stays as it is.
 */
final class PositionEmbeddings {

  private static final float A = -0.75f;
  private static final int TAPS = 4;

  private PositionEmbeddings() {}

  /**
   * Makes the embeddings of a square fit a rectangle.
   *
   * @param stored [1 + side², width]
   * @param height rows of patches wanted
   * @param width columns of patches wanted
   * @return [1 + height·width, width of an embedding]
   */
  static float[] resize(float[] stored, int side, int height, int width) {
    int embedding = stored.length / (1 + side * side);
    float[] resized = new float[(1 + height * width) * embedding];
    System.arraycopy(stored, 0, resized, 0, embedding);
    Axis rows = new Axis(side, height);
    Axis columns = new Axis(side, width);
    float[] acrossRow = new float[embedding];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int out = (1 + y * width + x) * embedding;
        for (int i = 0; i < TAPS; i++) {
          int row = 1 + rows.source(y, i) * side;
          Arrays.fill(acrossRow, 0);
          for (int j = 0; j < TAPS; j++) {
            int column = row + columns.source(x, j);
            add(stored, column * embedding, columns.weight(x, j), acrossRow, 0, embedding);
          }
          add(acrossRow, 0, rows.weight(y, i), resized, out, embedding);
        }
      }
    }
    return resized;
  }

  private static void add(float[] from, int at, float weight, float[] to, int into, int embedding) {
    for (int d = 0; d < embedding; d++) {
      to[into + d] += weight * from[at + d];
    }
  }

  /** For each output index along one axis the inputs it is made of, and their weights. */
  private static final class Axis {

    private final int size;
    private final int[] first;
    private final float[] weights;

    Axis(int size, int outputs) {
      this.size = size;
      first = new int[outputs];
      weights = new float[outputs * TAPS];
      float scale = (float) size / outputs;
      for (int out = 0; out < outputs; out++) {
        float centre = scale * (out + 0.5f) - 0.5f;
        int floor = Math.min((int) Math.floor(centre), size - 1);
        float t = Math.min(Math.max(centre - floor, 0), 1);
        first[out] = floor - 1;
        weights[out * TAPS] = outer(t + 1);
        weights[out * TAPS + 1] = inner(t);
        weights[out * TAPS + 2] = inner(1 - t);
        weights[out * TAPS + 3] = outer(2 - t);
      }
    }

    int source(int out, int tap) {
      return Math.min(Math.max(first[out] + tap, 0), size - 1);
    }

    float weight(int out, int tap) {
      return weights[out * TAPS + tap];
    }

    private static float inner(float x) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }

    private static float outer(float x) {
      return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
  }
}
