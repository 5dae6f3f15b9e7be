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
   * @param positions [L]
   * @param mask additive, 0 for tokens and a large negative number for padding, [B * T, 1, 1, L]
   */
  public T match(T ids, T positions, T mask, List<KeyValues<T>> image) {
    return matchHead(ops.token(grounded(ids, positions, mask, image), 0));
  }

  /**
   * The same for texts that stand one after another in a row, those of an image in the image's.
   *
   * @param ids [B, L]
   * @param positions [B, L], counted from 0 in each text
   * @param mask additive, 0 between tokens of one text, [B, 1, L, L]
   * @param starts where texts begin in the flattened ids, [texts]
   */
  public T match(T ids, T positions, T mask, List<KeyValues<T>> image, T starts) {
    return matchHead(starting(grounded(ids, positions, mask, image), starts));
  }

  /** Unit vectors [B, P] of texts [B, L], for the contrastive similarity. */
  public T textEmbedding(T ids, T positions, T mask) {
    return project(ops.token(unimodal(ids, positions, mask), 0));
  }

  /** The same for texts one after another, laid out as for {@link #match}: [texts, P]. */
  public T textEmbedding(T ids, T positions, T mask, T starts) {
    return project(starting(unimodal(ids, positions, mask), starts));
  }

  /** Unit vectors [B, P] of image tokens [B, N, D]. */
  public T imageEmbedding(T imageTokens) {
    return ops.normalize(
        ops.linear(ops.token(imageTokens, 0), "vision_proj", imageWidth, projectionWidth));
  }

  private T grounded(T ids, T positions, T mask, List<KeyValues<T>> image) {
    return layers.run(layers.embed(ids, positions), Optional.of(mask), Optional.of(image));
  }

  private T unimodal(T ids, T positions, T mask) {
    return layers.run(layers.embed(ids, positions), Optional.of(mask), Optional.empty());
  }

  private T starting(T hidden, T starts) {
    return ops.rows(ops.reshape(hidden, -1, text.width()), starts);
  }

  private T matchHead(T first) {
    return ops.linear(first, "itm_head", text.width(), 2);
  }

  private T project(T first) {
    return ops.normalize(ops.linear(first, "text_proj", text.width(), projectionWidth));
  }
}
