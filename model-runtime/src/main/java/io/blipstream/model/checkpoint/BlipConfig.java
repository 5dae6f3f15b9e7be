package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Dimensions of a BLIP network, as its {@code config.json} states them.
 *
 * <p>The cross-attention's keys and values are computed from image tokens, so their input width is
 * always the vision width: Hugging Face overwrites {@code encoder_hidden_size} with it, too.
 *
 * @param vision the image encoder
 * @param text the text encoder or decoder
 * @param projectionWidth size of the embeddings that ITC compares ({@code image_text_hidden_size})
 */
public record BlipConfig(VisionConfig vision, TextConfig text, int projectionWidth) {

  public BlipConfig {
    if (projectionWidth <= 0) {
      throw new IllegalArgumentException("the projection width must be above 0");
    }
  }

  /**
   * Reads a {@code config.json}; an absent key has the default that Hugging Face's code gives it.
   *
   * @throws CheckpointException if a value is no number, contradicts another, or asks for something
   *     that is not built here
   */
  public static BlipConfig read(Path file) throws IOException {
    JsonSettings root = JsonSettings.read(file);
    root.requireAbsentOr("model_type", "blip");
    try {
      return new BlipConfig(
          vision(root.object("vision_config")),
          text(root.object("text_config")),
          root.integer("image_text_hidden_size", 256));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file + " describes no BLIP: " + e.getMessage() + ".", e);
    }
  }

  private static VisionConfig vision(JsonSettings json) throws CheckpointException {
    json.requireAbsentOr("hidden_act", "gelu");
    return new VisionConfig(
        json.integer("hidden_size", 768),
        json.integer("num_hidden_layers", 12),
        json.integer("num_attention_heads", 12),
        json.integer("intermediate_size", 3072),
        json.side("image_size", 384),
        json.side("patch_size", 16),
        (float) json.number("layer_norm_eps", 1e-5));
  }

  private static TextConfig text(JsonSettings json) throws CheckpointException {
    json.requireAbsentOr("hidden_act", "gelu");
    return new TextConfig(
        json.integer("vocab_size", 30524),
        json.integer("hidden_size", 768),
        json.integer("num_hidden_layers", 12),
        // 8 is the code's default although the official checkpoints use 12, which they state.
        json.integer("num_attention_heads", 8),
        json.integer("intermediate_size", 3072),
        json.integer("max_position_embeddings", 512),
        (float) json.number("layer_norm_eps", 1e-12),
        json.integer("bos_token_id", 30522),
        json.integer("sep_token_id", 102),
        json.integer("pad_token_id", 0));
  }
}
