package io.blipstream.model.engine;

/**
 * Texts that grow by a token a step, each grounded in an image whose cross-attention keys and
 * values are computed once, when decoding starts.
 *
 * <p>A step names for each of its rows which row of the step before it continues. So one operation
 * serves greedy decoding (ended rows are not continued, and cost nothing from then on), several
 * texts an image (a row is continued more than once) and beam search (rows change places).
 */
public interface Decoding extends AutoCloseable {

  /** Logits [rows, V] for the token after the start tokens; row i belongs to image i. */
  FloatRows logits();

  /**
   * Appends a token to each row and gives the logits [rows, V] for the one after it.
   *
   * <p>Rows of the same image stand next to each other, in the order of the images, and every image
   * that still has rows has as many as the others.
   *
   * @param parents for each row, the row of the step before that it continues
   * @param tokens the token that each row appends
   * @throws IllegalArgumentException if the rows are not grouped so
   */
  FloatRows next(int[] parents, long[] tokens);

  @Override
  void close();
}
