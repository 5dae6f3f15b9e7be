package io.blipstream.model.engine.onnx;

import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointException;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.network.KeyValues;
import io.blipstream.model.network.TextDecoder;
import io.blipstream.model.network.TextEncoder;
import io.blipstream.model.network.VisionEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The graphs that BLIP is cut into, at the places where a batch changes its shape or a result is
 * used more than once.
 *
 * <p>Dimensions that differ between runs: B images, R rows of text, L new tokens a row, P tokens
 * before them, S tokens of all texts of an image.
 */
enum BlipGraph {
  /** Normalised images to image tokens. */
  VISION {
    @Override
    boolean reads(String parameter) {
      return parameter.startsWith(VISION_ROOT);
    }

    @Override
    void record(OnnxOps ops, Checkpoint checkpoint) {
      BlipConfig config = checkpoint.config();
      ImagePreprocessing size = checkpoint.preprocessing();
      OnnxValue pixels = ops.floatInput(PIXELS, "B", "3", text(size.height()), text(size.width()));
      OnnxValue tokens =
          new VisionEncoder<>(ops, config.vision(), checkpoint.imageTokens()).encode(pixels);
      ops.floatOutput(tokens, IMAGE_TOKENS, imageTokens(checkpoint));
    }
  },

  /** Image tokens to cross-attention keys and values of every layer of the captioner's decoder. */
  IMAGE_KEYS_VALUES {
    @Override
    boolean reads(String parameter) {
      return parameter.startsWith(DECODER_ROOT) && isImageKeyOrValue(parameter);
    }

    @Override
    void record(OnnxOps ops, Checkpoint checkpoint) {
      OnnxValue tokens = ops.floatInput(IMAGE_TOKENS, imageTokens(checkpoint));
      List<KeyValues<OnnxValue>> image =
          new TextDecoder<>(ops, checkpoint.config()).crossKeyValues(tokens);
      String[] shape = imageKeys(checkpoint);
      for (int layer = 0; layer < image.size(); layer++) {
        ops.floatOutput(image.get(layer).keys(), imageKey(layer), shape);
        ops.floatOutput(image.get(layer).values(), imageValue(layer), shape);
      }
    }
  },

  /**
   * New tokens, and keys and values of the image and of the tokens before, to next-token logits and
   * keys and values of all tokens. Rows take over those of their parents.
   */
  DECODER {
    @Override
    boolean reads(String parameter) {
      return parameter.startsWith(DECODER_ROOT) && !isImageKeyOrValue(parameter);
    }

    @Override
    void record(OnnxOps ops, Checkpoint checkpoint) {
      TextConfig config = checkpoint.config().text();
      OnnxValue ids = ops.integerInput(IDS, "R", "L");
      OnnxValue positions = ops.integerInput(POSITIONS, "L");
      OnnxValue mask = ops.floatInput(MASK, "1", "1", "L", "PL");
      OnnxValue parents = ops.integerInput(PARENTS, "R");
      List<KeyValues<OnnxValue>> past = new ArrayList<>();
      List<KeyValues<OnnxValue>> image = new ArrayList<>();
      String[] before = {"before", text(config.heads()), "P", text(headWidth(config))};
      for (int layer = 0; layer < config.layers(); layer++) {
        past.add(
            new KeyValues<>(
                ops.rows(ops.floatInput(pastKey(layer), before), parents),
                ops.rows(ops.floatInput(pastValue(layer), before), parents)));
        image.add(
            new KeyValues<>(
                ops.floatInput(imageKey(layer), imageKeys(checkpoint)),
                ops.floatInput(imageValue(layer), imageKeys(checkpoint))));
      }
      TextDecoder.Step<OnnxValue> step =
          new TextDecoder<>(ops, checkpoint.config())
              .step(ids, positions, Optional.of(mask), past, image);
      ops.floatOutput(step.logits(), LOGITS, "R", text(config.vocabularySize()));
      String[] after = {"R", text(config.heads()), "PL", text(headWidth(config))};
      for (int layer = 0; layer < config.layers(); layer++) {
        ops.floatOutput(step.cache().get(layer).keys(), newKey(layer), after);
        ops.floatOutput(step.cache().get(layer).values(), newValue(layer), after);
      }
    }
  },

  /**
   * Image tokens and texts to the filter's scores. The texts of an image stand one after another in
   * its row, and a mask keeps them apart: padding is then only what images differ by in all.
   */
  FILTER {
    @Override
    boolean reads(String parameter) {
      return !parameter.startsWith(VISION_ROOT);
    }

    @Override
    void record(OnnxOps ops, Checkpoint checkpoint) {
      String width = text(checkpoint.config().projectionWidth());
      OnnxValue tokens = ops.floatInput(IMAGE_TOKENS, imageTokens(checkpoint));
      OnnxValue matchIds = ops.integerInput(MATCH_IDS, "B", "S");
      OnnxValue ids = ops.integerInput(IDS, "B", "S");
      OnnxValue positions = ops.integerInput(POSITIONS, "B", "S");
      OnnxValue mask = ops.floatInput(MASK, "B", "1", "S", "S");
      OnnxValue starts = ops.integerInput(STARTS, "T");
      TextEncoder<OnnxValue> encoder = new TextEncoder<>(ops, checkpoint.config());
      ops.floatOutput(
          encoder.match(matchIds, positions, mask, encoder.crossKeyValues(tokens), starts),
          MATCH_LOGITS,
          "T",
          "2");
      ops.floatOutput(encoder.imageEmbedding(tokens), IMAGE_EMBEDDINGS, "B", width);
      ops.floatOutput(
          encoder.textEmbedding(ids, positions, mask, starts), TEXT_EMBEDDINGS, "T", width);
    }
  };

  static final String PIXELS = "pixels";
  static final String IMAGE_TOKENS = "image_tokens";
  static final String IDS = "ids";
  static final String MATCH_IDS = "match_ids";
  static final String POSITIONS = "positions";
  static final String MASK = "mask";
  static final String PARENTS = "parents";
  static final String STARTS = "starts";
  static final String LOGITS = "logits";
  static final String MATCH_LOGITS = "match_logits";
  static final String IMAGE_EMBEDDINGS = "image_embeddings";
  static final String TEXT_EMBEDDINGS = "text_embeddings";

  private static final String VISION_ROOT = "vision_model.";
  private static final String DECODER_ROOT = "text_decoder.";

  /** Whether the graph is made of this parameter, among others. */
  abstract boolean reads(String parameter);

  /** Records the network's part with its inputs and outputs. */
  abstract void record(OnnxOps ops, Checkpoint checkpoint);

  /** The parameters that the graph is made of, with their shapes. */
  final Map<String, long[]> parameters(Checkpoint checkpoint) throws CheckpointException {
    Architecture role =
        this == FILTER || (this == VISION && checkpoint.isFilter())
            ? Architecture.FILTER
            : Architecture.CAPTIONER;
    Map<String, long[]> all = checkpoint.parameters(role);
    all.keySet().removeIf(name -> !reads(name));
    return all;
  }

  static String imageKey(int layer) {
    return "image_key_" + layer;
  }

  static String imageValue(int layer) {
    return "image_value_" + layer;
  }

  static String pastKey(int layer) {
    return "past_key_" + layer;
  }

  static String pastValue(int layer) {
    return "past_value_" + layer;
  }

  static String newKey(int layer) {
    return "new_key_" + layer;
  }

  static String newValue(int layer) {
    return "new_value_" + layer;
  }

  /** As the graph is called in file names and messages. */
  final String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static int headWidth(TextConfig config) {
    return config.width() / config.heads();
  }

  static boolean isImageKeyOrValue(String parameter) {
    return parameter.contains(".crossattention.self.key.")
        || parameter.contains(".crossattention.self.value.");
  }

  private static String[] imageTokens(Checkpoint checkpoint) {
    return new String[] {
      "B", text(checkpoint.imageTokens()), text(checkpoint.config().vision().width())
    };
  }

  private static String[] imageKeys(Checkpoint checkpoint) {
    TextConfig config = checkpoint.config().text();
    return new String[] {
      "B", text(config.heads()), text(checkpoint.imageTokens()), text(headWidth(config))
    };
  }

  private static String text(int number) {
    return Integer.toString(number);
  }
}
