package io.blipstream.model.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The original BLIP repository's names of weights in Hugging Face's, as transformers' conversion
 * script {@code convert_blip_original_pytorch_to_hf.py} renames them.
 *
 * <p>Only the vision encoder is called otherwise; text stacks and heads have the same names.
 */
final class OriginalNames {

  private static final String VISION = "visual_encoder.";

  private static final Map<String, String> EMBEDDINGS =
      Map.of(
          "cls_token", "embeddings.class_embedding",
          "pos_embed", "embeddings.position_embedding",
          "patch_embed.proj.weight", "embeddings.patch_embedding.weight",
          "patch_embed.proj.bias", "embeddings.patch_embedding.bias",
          "norm.weight", "post_layernorm.weight",
          "norm.bias", "post_layernorm.bias");

  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(.*)\\.(weight|bias)");

  private static final Map<String, String> IN_BLOCK =
      Map.of(
          "norm1", "layer_norm1",
          "norm2", "layer_norm2",
          "attn.qkv", "self_attn.qkv",
          "attn.proj", "self_attn.projection",
          "mlp.fc1", "mlp.fc1",
          "mlp.fc2", "mlp.fc2");

  private static final List<String> SAME =
      List.of("text_encoder.", "text_decoder.", "vision_proj.", "text_proj.", "itm_head.");

  private OriginalNames() {}

  /**
   * The Hugging Face name; none of what only training needs: momentum copies ({@code *_m.}), their
   * queues, the temperature, and of {@code position_ids}, which are the numbers from 0.
   */
  static Optional<String> huggingFace(String original) {
    if (original.startsWith(VISION)) {
      return vision(original.substring(VISION.length())).map("vision_model."::concat);
    }
    return Optional.of(original)
        .filter(name -> SAME.stream().anyMatch(name::startsWith))
        .filter(name -> !name.endsWith(".position_ids"));
  }

  private static Optional<String> vision(String name) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      return Optional.ofNullable(IN_BLOCK.get(block.group(2)))
          .map(part -> "encoder.layers." + block.group(1) + "." + part + "." + block.group(3));
    }
    return Optional.ofNullable(EMBEDDINGS.get(name));
  }
}
