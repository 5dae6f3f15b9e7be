package io.blipstream.model.network;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.TextConfig;
import java.util.List;
import java.util.Optional;

/**
 * BLIP's two text encoders and their heads: unimodal for image-text contrastive (ITC) similarity,
 * image-grounded for image-text matching (ITM).
 */
public final class TextEncoder<T> {

  private static final String ROOT = "text_encoder.";

  private final Ops<T> ops;
  private final TextConfig text;
  private final int imageWidth;
  private final int projectionWidth;
  private final TextLayers<T> layers;

  public TextEncoder(Ops<T> ops, BlipConfig config) {
    this.ops = ops;
    this.text = config.text();
    this.imageWidth = config.vision().width();
    this.projectionWidth = config.projectionWidth();
    this.layers = new TextLayers<>(ops, text, imageWidth, ROOT);
  }

  /** Keys and values of image tokens [B, N, D] for every layer: computed once an image. */
  public List<KeyValues<T>> crossKeyValues(T imageTokens) {
    return layers.crossKeyValues(imageTokens);
  }

  /**
   * Logits [B * T, 2] of "not matched" and "matched".
   *
   * @param ids [B * T, L]
   * @param mask additive, 0 for tokens and a large negative number for padding, [B * T, 1, 1, L]
   */
  public T match(T ids, T mask, List<KeyValues<T>> image, TextShape shape) {
    T hidden =
        layers.run(
            layers.embed(ids, 0, shape.length()), Optional.of(mask), Optional.of(image), shape);
    return ops.linear(firstToken(hidden, text.width()), "itm_head", text.width(), 2);
  }

  /** Unit vectors [B, P] of texts [B, L], for the contrastive similarity. */
  public T textEmbedding(T ids, T mask, int length) {
    T hidden =
        layers.run(
            layers.embed(ids, 0, length),
            Optional.of(mask),
            Optional.empty(),
            new TextShape(1, length));
    return ops.normalize(
        ops.linear(firstToken(hidden, text.width()), "text_proj", text.width(), projectionWidth));
  }

  /** Unit vectors [B, P] of image tokens [B, N, D]. */
  public T imageEmbedding(T imageTokens) {
    return ops.normalize(
        ops.linear(
            firstToken(imageTokens, imageWidth), "vision_proj", imageWidth, projectionWidth));
  }

  private T firstToken(T x, int width) {
    return ops.reshape(ops.slice(x, 1, 0, 1), -1, width);
  }
}
