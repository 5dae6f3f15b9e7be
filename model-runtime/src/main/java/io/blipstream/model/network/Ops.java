package io.blipstream.model.network;

import java.util.function.Supplier;

/**
 * The few tensor operations that BLIP is made of, so that the network is written once for every
 * engine: one implementation computes at once, another records a graph.
 *
 * <p>Shapes in comments: B images or texts, N image tokens, L text tokens, D and H widths, E width
 * of an attention head. Parameters carry the names of the Hugging Face checkpoint.
 *
 * @param <T> a tensor of the engine
 */
public interface Ops<T> {

  /** A parameter of the checkpoint. */
  T parameter(String name, long... shape);

  /** [.., in] to [.., out], with a weight [out, in] and a bias [out] of these names. */
  T linear(T x, String weight, String bias, int in, int out);

  /** The same with the two names that a linear layer has in a checkpoint. */
  default T linear(T x, String name, int in, int out) {
    return linear(x, name + ".weight", name + ".bias", in, out);
  }

  /** Layer normalisation over the last axis, of size {@code width}. */
  T layerNorm(T x, String name, int width, float epsilon);

  /** The exact GELU, by the error function. */
  T gelu(T x);

  /** Sum, with broadcasting. */
  T add(T a, T b);

  /**
   * Patch embedding: a convolution whose stride is its kernel, [B, 3, S, S] to [B, (S/patch)^2,
   * width], patches row by row.
   */
  T patches(T images, String name, int width, int patch);

  /** Puts one token [1, 1, D] before each sequence: [B, N, D] to [B, 1 + N, D]. */
  T prepend(T token, T sequence);

  /** Rows of an embedding table [rows, width] for ids of any shape [..]: [.., width]. */
  T embedding(T ids, String name, int rows, int width);

  /** [B, L, heads * E] to [B, heads, L, E]. */
  T splitHeads(T x, int heads);

  /** [B, heads, L, E] to [B, L, heads * E]. */
  T mergeHeads(T x);

  /** softmax(q k^T / sqrt(E)) v: [B, heads, Lq, E] with keys and values [B, heads, Lk, E]. */
  T attention(T queries, T keys, T values);

  /** The same with an additive mask that broadcasts to [B, heads, Lq, Lk]. */
  T attention(T queries, T keys, T values, T mask);

  /** Elements {@code from} (inclusive) to {@code to} (exclusive) of an axis. */
  T slice(T x, int axis, long from, long to);

  /** Joins two tensors along an axis. */
  T concat(T a, T b, int axis);

  /** One token of each sequence, counted from the end if negative: [B, L, D] to [B, D]. */
  T token(T x, int index);

  /** Rows of a matrix [n, D] by their numbers [m]: [m, D]. */
  T rows(T matrix, T numbers);

  /** The same elements in another shape; one dimension may be -1. */
  T reshape(T x, long... shape);

  /**
   * Lays sequences side by side, or apart again, so that there are as many as {@code like} has
   * entries on its first axis: [A, L, D] to [B, A * L / B, D].
   */
  T regroup(T x, T like);

  /** Divides each vector of the last axis by its Euclidean norm. */
  T normalize(T x);

  /** Runs a part of the network and frees what it made, but for its result. */
  default T scoped(Supplier<T> part) {
    return part.get();
  }
}
