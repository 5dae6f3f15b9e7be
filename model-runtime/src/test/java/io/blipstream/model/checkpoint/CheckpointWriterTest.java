package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {

  private static final BlipConfig CONFIG =
      new BlipConfig(
          new VisionConfig(8, 2, 2, 12, 32, 8, 1e-6f),
          new TextConfig(50, 12, 1, 3, 16, 20, 1e-12f, 48, 3, 0),
          6);
  private static final ImagePreprocessing PREPROCESSING =
      new ImagePreprocessing(32, 32, List.of(0.5, 0.4, 0.3), List.of(0.2, 0.25, 0.3));

  @TempDir Path folder;

  @Test
  void shouldReadBackWhatWasWritten() throws IOException {
    Path target = folder.resolve("new/filter");
    Map<String, FloatTensor> weights = weights(BlipParameters.filter(CONFIG));
    CheckpointWriter.write(
        target, Architecture.FILTER, CONFIG, PREPROCESSING, weights, Precision.F32);
    try (Checkpoint checkpoint = Checkpoint.open(target)) {
      assertThat(checkpoint.config()).isEqualTo(CONFIG);
      assertThat(checkpoint.preprocessing()).isEqualTo(PREPROCESSING);
      checkpoint.require(BlipParameters.filter(CONFIG));
      for (var entry : weights.entrySet()) {
        assertThat(checkpoint.read(entry.getKey(), entry.getValue().shape()))
            .isEqualTo(entry.getValue().values());
      }
    }
    JsonNode json = new JsonMapper().readTree(target.resolve("config.json").toFile());
    assertThat(json.path("architectures").path(0).asText()).isEqualTo("BlipForImageTextRetrieval");
    assertThat(json.path("model_type").asText()).isEqualTo("blip");
    assertThat(json.path("text_config").path("encoder_hidden_size").asInt()).isEqualTo(8);
    assertThat(json.path("vision_config").path("layer_norm_eps").asDouble()).isEqualTo(1e-6);
  }

  @Test
  void shouldWriteHalfPrecisionAndOneOfEachTiedPair() throws IOException {
    Map<String, FloatTensor> weights = weights(BlipParameters.captioner(CONFIG));
    weights.remove("text_decoder.cls.predictions.decoder.weight");
    weights.remove("text_decoder.cls.predictions.decoder.bias");
    CheckpointWriter.write(
        folder, Architecture.CAPTIONER, CONFIG, PREPROCESSING, weights, Precision.F16);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      checkpoint.require(BlipParameters.captioner(CONFIG));
      String name = "vision_model.post_layernorm.bias";
      float[] written = weights.get(name).values();
      float[] read = checkpoint.read(name, 8);
      for (int i = 0; i < read.length; i++) {
        assertThat(read[i]).isCloseTo(written[i], org.assertj.core.data.Offset.offset(1e-3f));
      }
    }
  }

  @Test
  void shouldRefuseWeightsThatDoNotMakeTheModelAndWriteNothing() {
    Map<String, FloatTensor> weights = weights(BlipParameters.filter(CONFIG));
    weights.remove("itm_head.bias");
    weights.put("itm_head.bais", FloatTensor.of(new float[2], 2));
    weights.put("text_proj.bias", FloatTensor.of(new float[7], 7));
    Path target = folder.resolve("refused");
    assertThatThrownBy(
            () ->
                CheckpointWriter.write(
                    target, Architecture.FILTER, CONFIG, PREPROCESSING, weights, Precision.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("itm_head.bias is missing")
        .hasMessageContaining("itm_head.bais is unknown")
        .hasMessageContaining("text_proj.bias is [7] where [6] is expected");
    assertThat(Files.exists(target)).isFalse();
  }

  private static Map<String, FloatTensor> weights(Map<String, long[]> shapes) {
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          float[] values = new float[(int) TensorInfo.elements(shape)];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(name.hashCode() + i);
          }
          weights.put(name, FloatTensor.of(values, shape));
        });
    return weights;
  }
}
