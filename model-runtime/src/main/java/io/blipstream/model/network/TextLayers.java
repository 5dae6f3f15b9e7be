package io.blipstream.model.network;

import io.blipstream.model.checkpoint.TextConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * BLIP's text transformer: BERT's post-norm layers with a cross-attention to the image between
 * self-attention and feed-forward. Encoder and decoder are this one stack under different names and
 * masks.
 *
 * <p>Several texts may share one image: with T texts of length L an image, text tensors are [B * T,
 * L, H], texts of the same image next to each other, and the image's keys and values stay [B, ..]:
 * cross-attention is not masked, so the queries of all its texts are laid side by side.
 */
final class TextLayers<T> {

  private final Ops<T> ops;
  private final TextConfig config;
  private final int imageWidth;
  private final String root;

  /**
   * @param imageWidth width D of the image tokens
   * @param root where the stack's parameters begin, such as {@code text_encoder.}
   */
  TextLayers(Ops<T> ops, TextConfig config, int imageWidth, String root) {
    this.ops = ops;
    this.config = config;
    this.imageWidth = imageWidth;
    this.root = root;
  }

  /** Ids [B, L] at positions [L] or [B, L] to embeddings [B, L, H]. */
  T embed(T ids, T positions) {
    int width = config.width();
    String name = root + "embeddings.";
    T words = ops.embedding(ids, name + "word_embeddings", config.vocabularySize(), width);
    T places = ops.embedding(positions, name + "position_embeddings", config.maxPositions(), width);
    return norm(ops.add(words, places), name + "LayerNorm");
  }

  /** Keys and values of the image tokens [B, N, D] for every layer. */
  List<KeyValues<T>> crossKeyValues(T imageTokens) {
    List<KeyValues<T>> all = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      String name = layer(i) + ".crossattention.self";
      all.add(
          new KeyValues<>(
              ops.scoped(() -> head(imageTokens, name + ".key", imageWidth)),
              ops.scoped(() -> head(imageTokens, name + ".value", imageWidth))));
    }
    return all;
  }

  /**
   * One layer over x [B, L, H].
   *
   * @param mask additive self-attention mask, or none where every token sees every other
   * @param past keys and values of earlier tokens, to which this layer's own are joined
   * @param cross keys and values of the image, or none for a unimodal pass
   */
  Step<T> layer(
      int index, T x, Optional<T> mask, Optional<KeyValues<T>> past, Optional<KeyValues<T>> cross) {
    String name = layer(index);
    int width = config.width();
    String self = name + ".attention.self";
    KeyValues<T> keyValues =
        join(past, head(x, self + ".key", width), head(x, self + ".value", width));
    T queries = head(x, self + ".query", width);
    T heads =
        mask.map(m -> ops.attention(queries, keyValues.keys(), keyValues.values(), m))
            .orElseGet(() -> ops.attention(queries, keyValues.keys(), keyValues.values()));
    T attended = output(ops.mergeHeads(heads), x, name + ".attention.output", width);
    T grounded = cross.map(image -> crossAttention(attended, image, name)).orElse(attended);
    T hidden =
        ops.gelu(ops.linear(grounded, name + ".intermediate.dense", width, config.mlpWidth()));
    return new Step<>(output(hidden, grounded, name + ".output", config.mlpWidth()), keyValues);
  }

  /** All layers without a cache: [B, L, H] to [B, L, H]. */
  T run(T x, Optional<T> mask, Optional<List<KeyValues<T>>> cross) {
    T hidden = x;
    for (int i = 0; i < config.layers(); i++) {
      int index = i;
      T input = hidden;
      hidden =
          ops.scoped(
              () ->
                  layer(index, input, mask, Optional.empty(), cross.map(c -> c.get(index)))
                      .output());
    }
    return hidden;
  }

  int count() {
    return config.layers();
  }

  T norm(T x, String name) {
    return ops.layerNorm(x, name, config.width(), config.eps());
  }

  private T crossAttention(T x, KeyValues<T> image, String name) {
    int width = config.width();
    T query = ops.linear(x, name + ".crossattention.self.query", width, width);
    T sideBySide = ops.regroup(query, image.keys());
    T heads =
        ops.attention(ops.splitHeads(sideBySide, config.heads()), image.keys(), image.values());
    T apart = ops.regroup(ops.mergeHeads(heads), x);
    return output(apart, x, name + ".crossattention.output", width);
  }

  private KeyValues<T> join(Optional<KeyValues<T>> past, T keys, T values) {
    return past.map(
            p -> new KeyValues<>(ops.concat(p.keys(), keys, 2), ops.concat(p.values(), values, 2)))
        .orElseGet(() -> new KeyValues<>(keys, values));
  }

  private T head(T x, String name, int in) {
    return ops.splitHeads(ops.linear(x, name, in, config.width()), config.heads());
  }

  private T output(T x, T residual, String name, int in) {
    return norm(
        ops.add(ops.linear(x, name + ".dense", in, config.width()), residual), name + ".LayerNorm");
  }

  private String layer(int index) {
    return root + "encoder.layer." + index;
  }

  /** What a layer gives: its output [B, L, H] and the keys and values of all tokens so far. */
  record Step<T>(T output, KeyValues<T> keyValues) {}
}
