package io.blipstream.model.checkpoint;

import java.util.Map;

/**
 * The configuration of an original BLIP: what its weights' shapes tell, and the settings of the
 * original repository for what they cannot.
 */
final class OriginalArchitecture {

  /** Width of an attention head in {@code models/vit.py} and {@code configs/med_config.json}. */
  private static final int HEAD_WIDTH = 64;

  /** {@code models/vit.py}. */
  private static final float VISION_EPS = 1e-6f;

  /** {@code configs/med_config.json}. */
  private static final float TEXT_EPS = 1e-12f;

  /** [SEP] and [PAD] of bert-base-uncased, whose tokenizer the original takes. */
  private static final int SEP = 102;

  private static final int PAD = 0;

  /** {@code init_tokenizer} adds [DEC], the first token of a caption, and [ENC] at the end. */
  private static final int ADDED_TOKENS = 2;

  /** {@code embed_dim}, where a captioner has no projection to tell. */
  private static final int PROJECTION_WIDTH = 256;

  private final String file;
  private final Map<String, long[]> shapes;

  /**
   * @param file how errors call the file
   * @param shapes by Hugging Face name
   */
  OriginalArchitecture(String file, Map<String, long[]> shapes) {
    this.file = file;
    this.shapes = shapes;
  }

  /**
   * The configuration.
   *
   * @param text the prefix of the text stack's names
   * @throws CheckpointException if a shape that tells something is missing or makes no sense
   */
  BlipConfig config(String text) throws CheckpointException {
    int projection =
        shapes.containsKey("vision_proj.weight")
            ? size("vision_proj.weight", 2, 0)
            : PROJECTION_WIDTH;
    try {
      return new BlipConfig(vision(), text(text), projection);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file + " holds no BLIP: " + e.getMessage() + ".", e);
    }
  }

  private VisionConfig vision() throws CheckpointException {
    int width = size("vision_model.embeddings.class_embedding", 3, 2);
    int patch = size("vision_model.embeddings.patch_embedding.weight", 4, 2);
    int patches = size(BlipParameters.POSITIONS, 3, 1) - 1;
    int side = (int) Math.round(Math.sqrt(patches));
    if (side * side != patches) {
      throw new CheckpointException(
          "%s has position embeddings for %d patches, which make no square."
              .formatted(file, patches));
    }
    String layers = "vision_model.encoder.layers.";
    return new VisionConfig(
        width,
        layers(layers),
        heads(width),
        size(layers + "0.mlp.fc1.weight", 2, 0),
        Math.multiplyExact(side, patch),
        patch,
        VISION_EPS);
  }

  private TextConfig text(String prefix) throws CheckpointException {
    String words = prefix + "embeddings.word_embeddings.weight";
    int vocabulary = size(words, 2, 0);
    int width = size(words, 2, 1);
    String layers = prefix + "encoder.layer.";
    return new TextConfig(
        vocabulary,
        width,
        layers(layers),
        heads(width),
        size(layers + "0.intermediate.dense.weight", 2, 0),
        size(prefix + "embeddings.position_embeddings.weight", 2, 0),
        TEXT_EPS,
        vocabulary - ADDED_TOKENS,
        SEP,
        PAD);
  }

  private int heads(int width) throws CheckpointException {
    if (width % HEAD_WIDTH != 0) {
      throw new CheckpointException(
          "%s is %d wide, which is no multiple of the original's attention heads of %d."
              .formatted(file, width, HEAD_WIDTH));
    }
    return width / HEAD_WIDTH;
  }

  /** How many consecutive layers there are. */
  private int layers(String prefix) {
    int layers = 0;
    while (hasPrefix(prefix + layers + ".")) {
      layers++;
    }
    return layers;
  }

  private boolean hasPrefix(String prefix) {
    return shapes.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  private int size(String name, int dimensions, int dimension) throws CheckpointException {
    long[] shape = shapes.get(name);
    if (shape == null) {
      throw new CheckpointException(
          "%s lacks the weight that would be %s in Hugging Face's names.".formatted(file, name));
    }
    if (shape.length != dimensions || shape[dimension] > Short.MAX_VALUE * 2) {
      throw new CheckpointException(
          "%s: the weight that would be %s has the shape %s, which is no BLIP's."
              .formatted(file, name, TensorInfo.text(shape)));
    }
    return (int) shape[dimension];
  }
}
