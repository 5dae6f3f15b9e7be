package io.blipstream.model.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names and shapes of a BLIP's weights in Hugging Face's layout, in its order.
 *
 * <p>Weights of linear layers are [out, in]; every linear layer has a bias. Two pairs of the
 * captioner are tied, so a file may hold either or both of each: see {@link #tied}.
 */
public final class BlipParameters {

  /** The two logits of ITM: no match, match. */
  private static final int ITM_CLASSES = 2;

  /** The only weight whose shape depends on the size of the image. */
  static final String POSITIONS = "vision_model.embeddings.position_embedding";

  private static final String LM_HEAD = "text_decoder.cls.predictions.";

  private static final Map<String, String> TIED =
      Map.of(
          LM_HEAD + "decoder.weight",
          "text_decoder.bert.embeddings.word_embeddings.weight",
          "text_decoder.bert.embeddings.word_embeddings.weight",
          LM_HEAD + "decoder.weight",
          LM_HEAD + "decoder.bias",
          LM_HEAD + "bias",
          LM_HEAD + "bias",
          LM_HEAD + "decoder.bias");

  private final BlipConfig config;
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private BlipParameters(BlipConfig config) {
    this.config = config;
  }

  /** Weights of {@code BlipForConditionalGeneration}: vision encoder, text decoder, LM head. */
  public static Map<String, long[]> captioner(BlipConfig config) {
    var parameters = new BlipParameters(config);
    parameters.vision();
    parameters.text("text_decoder.bert.");
    parameters.languageModelHead();
    return Collections.unmodifiableMap(parameters.shapes);
  }

  /** Weights of the vision encoder alone, which both have. */
  static Map<String, long[]> vision(BlipConfig config) {
    var parameters = new BlipParameters(config);
    parameters.vision();
    return Collections.unmodifiableMap(parameters.shapes);
  }

  /** Weights of {@code BlipForImageTextRetrieval}: vision and text encoder, ITC and ITM heads. */
  public static Map<String, long[]> filter(BlipConfig config) {
    var parameters = new BlipParameters(config);
    parameters.vision();
    parameters.text("text_encoder.");
    int projection = config.projectionWidth();
    parameters.linear("vision_proj", projection, config.vision().width());
    parameters.linear("text_proj", projection, config.text().width());
    parameters.linear("itm_head", ITM_CLASSES, config.text().width());
    return Collections.unmodifiableMap(parameters.shapes);
  }

  /** The name under which a tied weight may stand instead; the name itself if it is not tied. */
  public static String tied(String name) {
    return TIED.getOrDefault(name, name);
  }

  /** How many weights a captioner has; of tied ones, one of each pair. */
  public static ParameterCount countOfCaptioner(BlipConfig config) {
    return ParameterCount.of(captioner(config), LM_HEAD);
  }

  /** How many weights a filter has. */
  public static ParameterCount countOfFilter(BlipConfig config) {
    return ParameterCount.of(filter(config), "vision_proj.", "text_proj.", "itm_head.");
  }

  private void vision() {
    VisionConfig vision = config.vision();
    int width = vision.width();
    int patch = vision.patchSize();
    put("vision_model.embeddings.class_embedding", 1, 1, width);
    put(POSITIONS, 1, vision.tokens(), width);
    put("vision_model.embeddings.patch_embedding.weight", width, 3, patch, patch);
    put("vision_model.embeddings.patch_embedding.bias", width);
    for (int i = 0; i < vision.layers(); i++) {
      String layer = "vision_model.encoder.layers." + i + ".";
      linear(layer + "self_attn.qkv", 3 * width, width);
      linear(layer + "self_attn.projection", width, width);
      norm(layer + "layer_norm1", width);
      linear(layer + "mlp.fc1", vision.mlpWidth(), width);
      linear(layer + "mlp.fc2", width, vision.mlpWidth());
      norm(layer + "layer_norm2", width);
    }
    norm("vision_model.post_layernorm", width);
  }

  private void text(String prefix) {
    TextConfig text = config.text();
    int width = text.width();
    put(prefix + "embeddings.word_embeddings.weight", text.vocabularySize(), width);
    put(prefix + "embeddings.position_embeddings.weight", text.maxPositions(), width);
    norm(prefix + "embeddings.LayerNorm", width);
    for (int i = 0; i < text.layers(); i++) {
      String layer = prefix + "encoder.layer." + i + ".";
      attention(layer + "attention.", width, width);
      attention(layer + "crossattention.", width, config.vision().width());
      linear(layer + "intermediate.dense", text.mlpWidth(), width);
      linear(layer + "output.dense", width, text.mlpWidth());
      norm(layer + "output.LayerNorm", width);
    }
  }

  private void attention(String prefix, int width, int keyWidth) {
    linear(prefix + "self.query", width, width);
    linear(prefix + "self.key", width, keyWidth);
    linear(prefix + "self.value", width, keyWidth);
    linear(prefix + "output.dense", width, width);
    norm(prefix + "output.LayerNorm", width);
  }

  private void languageModelHead() {
    int width = config.text().width();
    int vocabulary = config.text().vocabularySize();
    put(LM_HEAD + "bias", vocabulary);
    linear(LM_HEAD + "transform.dense", width, width);
    norm(LM_HEAD + "transform.LayerNorm", width);
    linear(LM_HEAD + "decoder", vocabulary, width);
  }

  private void linear(String name, int out, int in) {
    put(name + ".weight", out, in);
    put(name + ".bias", out);
  }

  private void norm(String name, int width) {
    put(name + ".weight", width);
    put(name + ".bias", width);
  }

  private void put(String name, long... shape) {
    shapes.put(name, shape);
  }
}
