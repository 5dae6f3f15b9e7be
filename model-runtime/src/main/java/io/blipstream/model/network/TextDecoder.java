package io.blipstream.model.network;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.TextConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** BLIP's image-grounded text decoder, the captioner: image tokens to next-token logits. */
public final class TextDecoder<T> {

  private static final String ROOT = "text_decoder.bert.";
  private static final String HEAD = "text_decoder.cls.predictions.";

  private final Ops<T> ops;
  private final TextConfig text;
  private final TextLayers<T> layers;

  public TextDecoder(Ops<T> ops, BlipConfig config) {
    this.ops = ops;
    this.text = config.text();
    this.layers = new TextLayers<>(ops, text, config.vision().width(), ROOT);
  }

  /** Keys and values of image tokens [B, N, D] for every layer: computed once an image. */
  public List<KeyValues<T>> crossKeyValues(T imageTokens) {
    return layers.crossKeyValues(imageTokens);
  }

  /**
   * Logits [B * T, L, V] of every position at once, as training needs them.
   *
   * @param ids [B * T, L]
   * @param positions [L]
   * @param mask additive causal mask that broadcasts to [B * T, heads, L, L]
   */
  public T logits(T ids, T positions, T mask, List<KeyValues<T>> image) {
    T hidden = layers.run(layers.embed(ids, positions), Optional.of(mask), Optional.of(image));
    return ops.scoped(() -> head(hidden));
  }

  /**
   * One step of generation: logits of the last token, and the cache for the next step.
   *
   * @param ids the new tokens, [B * T, L]; more than one only in the first step, for a prompt
   * @param positions of the new tokens [L], counted from 0
   * @param mask causal mask for a prompt of several tokens, none for a single token
   * @param past cache of the step before, empty at the first
   */
  public Step<T> step(
      T ids, T positions, Optional<T> mask, List<KeyValues<T>> past, List<KeyValues<T>> image) {
    T hidden = layers.embed(ids, positions);
    List<KeyValues<T>> cache = new ArrayList<>();
    for (int i = 0; i < layers.count(); i++) {
      Optional<KeyValues<T>> before = past.isEmpty() ? Optional.empty() : Optional.of(past.get(i));
      TextLayers.Step<T> step = layers.layer(i, hidden, mask, before, Optional.of(image.get(i)));
      hidden = step.output();
      cache.add(step.keyValues());
    }
    return new Step<>(head(ops.token(hidden, -1)), cache);
  }

  private T head(T hidden) {
    int width = text.width();
    T transformed =
        layers.norm(
            ops.gelu(ops.linear(hidden, HEAD + "transform.dense", width, width)),
            HEAD + "transform.LayerNorm");
    // The output layer is tied to the word embeddings.
    return ops.linear(
        transformed,
        ROOT + "embeddings.word_embeddings.weight",
        HEAD + "bias",
        width,
        text.vocabularySize());
  }

  /** Logits [B * T, V] of the last token, and keys and values of all tokens so far. */
  public record Step<T>(T logits, List<KeyValues<T>> cache) {}
}
