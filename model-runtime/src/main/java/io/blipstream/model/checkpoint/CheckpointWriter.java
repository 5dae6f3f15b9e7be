package io.blipstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a folder that Hugging Face transformers and {@link Checkpoint} load alike. Tokenizer files
 * are put beside by whoever knows the vocabulary.
 */
public final class CheckpointWriter {

  /** What a checkpoint is for; decides which weights it must have. */
  public enum Architecture {
    CAPTIONER("BlipForConditionalGeneration", "Salesforce/blip-image-captioning-base"),
    FILTER("BlipForImageTextRetrieval", "Salesforce/blip-itm-base-coco");

    private final String className;
    private final String example;

    Architecture(String className, String example) {
      this.className = className;
      this.example = example;
    }

    /** Of the class in transformers, by which {@code config.json} names it. */
    String className() {
      return className;
    }

    /** An official checkpoint of this kind. */
    String example() {
      return example;
    }

    /** Shapes by Hugging Face name, as {@code transformers} saves them. */
    public Map<String, long[]> parameters(BlipConfig config) {
      return this == CAPTIONER ? BlipParameters.captioner(config) : BlipParameters.filter(config);
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private CheckpointWriter() {}

  /**
   * Writes configuration, preprocessing and weights; the folder is made if need be.
   *
   * @param weights by Hugging Face name; of tied weights one of each pair is enough
   * @throws CheckpointException if a weight is missing, unknown, or has the wrong shape
   */
  public static void write(
      Path folder,
      Architecture architecture,
      BlipConfig config,
      ImagePreprocessing preprocessing,
      Map<String, FloatTensor> weights,
      Precision precision)
      throws IOException {
    Map<String, FloatTensor> ordered = inOrder(folder, architecture.parameters(config), weights);
    Files.createDirectories(folder);
    SafetensorsWriter.write(folder.resolve(Checkpoint.WEIGHTS), ordered, precision);
    writeJson(folder.resolve(Checkpoint.CONFIG), config(architecture, config));
    writeJson(folder.resolve(Checkpoint.PREPROCESSOR), preprocessor(preprocessing));
  }

  private static Map<String, FloatTensor> inOrder(
      Path folder, Map<String, long[]> expected, Map<String, FloatTensor> weights)
      throws CheckpointException {
    Map<String, FloatTensor> ordered = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, long[]> entry : expected.entrySet()) {
      String name = entry.getKey();
      FloatTensor tensor = weights.get(name);
      if (tensor == null) {
        if (!weights.containsKey(BlipParameters.tied(name))) {
          faults.add(name + " is missing");
        }
      } else if (!Arrays.equals(tensor.shape(), entry.getValue())) {
        faults.add(
            "%s is %s where %s is expected"
                .formatted(
                    name, TensorInfo.text(tensor.shape()), TensorInfo.text(entry.getValue())));
      } else {
        ordered.put(name, tensor);
      }
    }
    for (String name : weights.keySet()) {
      if (!expected.containsKey(name)) {
        faults.add(name + " is unknown");
      }
    }
    if (!faults.isEmpty()) {
      throw new CheckpointException(
          "%s cannot be written: %s.".formatted(folder, String.join(", ", faults)));
    }
    return ordered;
  }

  private static ObjectNode config(Architecture architecture, BlipConfig config) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add(architecture.className);
    root.put("model_type", "blip");
    // Stated, or else transformers would compute in the precision that the weights are stored in.
    root.put("dtype", "float32");
    root.put("torch_dtype", "float32");
    root.put("image_text_hidden_size", config.projectionWidth());
    root.put("tie_word_embeddings", true);
    root.set("text_config", text(config));
    root.set("vision_config", vision(config.vision()));
    return root;
  }

  private static ObjectNode text(BlipConfig config) {
    TextConfig text = config.text();
    return JSON.createObjectNode()
        .put("model_type", "blip_text_model")
        .put("vocab_size", text.vocabularySize())
        .put("hidden_size", text.width())
        .put("encoder_hidden_size", config.vision().width())
        .put("intermediate_size", text.mlpWidth())
        .put("num_hidden_layers", text.layers())
        .put("num_attention_heads", text.heads())
        .put("max_position_embeddings", text.maxPositions())
        .put("hidden_act", "gelu")
        .put("layer_norm_eps", asWritten(text.eps()))
        .put("hidden_dropout_prob", 0.0)
        .put("attention_probs_dropout_prob", 0.0)
        .put("bos_token_id", text.bosTokenId())
        .put("sep_token_id", text.sepTokenId())
        .put("eos_token_id", text.sepTokenId())
        .put("pad_token_id", text.padTokenId())
        .put("is_decoder", true)
        .put("tie_word_embeddings", true);
  }

  private static ObjectNode vision(VisionConfig vision) {
    return JSON.createObjectNode()
        .put("model_type", "blip_vision_model")
        .put("hidden_size", vision.width())
        .put("intermediate_size", vision.mlpWidth())
        .put("num_hidden_layers", vision.layers())
        .put("num_attention_heads", vision.heads())
        .put("image_size", vision.imageSize())
        .put("patch_size", vision.patchSize())
        .put("hidden_act", "gelu")
        .put("layer_norm_eps", asWritten(vision.eps()))
        .put("attention_dropout", 0.0);
  }

  private static ObjectNode preprocessor(ImagePreprocessing preprocessing) {
    ObjectNode root =
        JSON.createObjectNode()
            .put("image_processor_type", "BlipImageProcessor")
            .put("processor_class", "BlipProcessor")
            .put("do_convert_rgb", true)
            .put("do_resize", true)
            .put("do_rescale", true)
            .put("do_normalize", true)
            .put("resample", ImagePreprocessing.BICUBIC)
            .put("rescale_factor", 1 / 255.0);
    root.putObject("size")
        .put("height", preprocessing.height())
        .put("width", preprocessing.width());
    root.set("image_mean", JSON.valueToTree(preprocessing.mean()));
    root.set("image_std", JSON.valueToTree(preprocessing.std()));
    return root;
  }

  /** The double with the same decimal digits, so that 1e-5f is written as 1.0E-5. */
  private static double asWritten(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private static void writeJson(Path file, JsonNode json) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(json) + "\n");
  }
}
