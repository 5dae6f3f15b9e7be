package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final String WORDS = "text_decoder.bert.embeddings.word_embeddings.weight";
  private static final String HEAD = "text_decoder.cls.predictions.";

  @TempDir Path folder;

  @Test
  void shouldOpenTheReferencesCheckpoints() throws IOException {
    try (Checkpoint captioner = Checkpoint.open(Reference.path("captioner"));
        Checkpoint filter = Checkpoint.open(Reference.path("filter"))) {
      captioner.require(BlipParameters.captioner(captioner.config()));
      filter.require(BlipParameters.filter(filter.config()));
      assertThat(captioner.isCaptioner()).isTrue();
      assertThat(captioner.isFilter()).isFalse();
      assertThat(filter.isFilter()).isTrue();
      assertThat(filter.isCaptioner()).isFalse();
      assertThat(captioner.name()).isEqualTo("captioner");
      assertThat(captioner.preprocessing()).isEqualTo(ImagePreprocessing.ofSize(64));
      assertThat(captioner.file("tokenizer.json")).isEmpty();
      assertThat(captioner.file("config.json")).isPresent();
      // Taken with sha256sum.
      assertThat(captioner.sha256())
          .isEqualTo("bb18fe7884b1be080b5f0ac3c3c37bafdebbdfb690daf69cc46f327e580ecd94");
      FloatBuffer buffer = FloatBuffer.allocate(32);
      filter.read("text_encoder.embeddings.LayerNorm.weight", buffer, 32);
      assertThat(buffer.array())
          .isEqualTo(filter.read("text_encoder.embeddings.LayerNorm.weight", 32));
    }
  }

  @Test
  void shouldNameAllThatIsMissingOrMisshapenAtOnce() throws IOException {
    try (Checkpoint filter = Checkpoint.open(Reference.path("filter"))) {
      Map<String, long[]> expected = new LinkedHashMap<>(BlipParameters.captioner(filter.config()));
      expected.put("itm_head.weight", new long[] {2, 33});
      expected.put("vision_proj.bias", new long[] {25});
      assertThatThrownBy(() -> filter.require(expected))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model.safetensors lacks 63 of 107 tensors: " + WORDS)
          .hasMessageContaining("text_decoder.bert.embeddings.LayerNorm.bias")
          .hasMessageContaining(" and 58 more; it does not match config.json: ")
          .hasMessageContaining("itm_head.weight is [2, 32] where [2, 33] is expected")
          .hasMessageContaining("vision_proj.bias is [24] where [25] is expected");
      assertThatThrownBy(() -> filter.read("itm_head.bias", 3))
          .hasMessageContaining("itm_head.bias is [2] where [3] is expected");
      assertThatThrownBy(() -> filter.read("itm_head.basi", 2))
          .hasMessageContaining("lacks 1 of 1 tensors: itm_head.basi");
    }
  }

  @Test
  void shouldTakeTiedWeightsUnderEitherName() throws IOException {
    for (String kept : new String[] {WORDS, HEAD + "decoder.weight"}) {
      for (String bias : new String[] {HEAD + "bias", HEAD + "decoder.bias"}) {
        Map<String, FloatTensor> weights = captioner();
        weights.keySet().removeIf(n -> BlipParameters.tied(n).equals(kept));
        weights.keySet().removeIf(n -> BlipParameters.tied(n).equals(bias));
        try (Checkpoint checkpoint = rewrite(weights)) {
          checkpoint.require(BlipParameters.captioner(checkpoint.config()));
          assertThat(checkpoint.isCaptioner()).isTrue();
          assertThat(checkpoint.read(HEAD + "decoder.weight", 160, 32))
              .isEqualTo(checkpoint.read(WORDS, 160, 32));
          assertThat(checkpoint.read(HEAD + "decoder.bias", 160))
              .isEqualTo(checkpoint.read(HEAD + "bias", 160));
        }
      }
    }
    Map<String, FloatTensor> weights = captioner();
    weights.remove(WORDS);
    weights.remove(HEAD + "decoder.weight");
    try (Checkpoint checkpoint = rewrite(weights)) {
      assertThatThrownBy(() -> checkpoint.require(BlipParameters.captioner(checkpoint.config())))
          .hasMessageContaining("lacks 2 of");
    }
  }

  @Test
  void shouldRefuseWeightsThatAreNotFinite() throws IOException {
    Path copy = copyOf("filter");
    Path file = copy.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    // The file ends with the last row of a float tensor: make its last value a NaN.
    bytes[bytes.length - 1] = (byte) 0x7f;
    bytes[bytes.length - 2] = (byte) 0xff;
    Files.write(file, bytes);
    try (Checkpoint checkpoint = Checkpoint.open(copy)) {
      assertThatThrownBy(() -> readAll(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("holds NaN; the weights are damaged");
    }
    try (Checkpoint whole = Checkpoint.open(Reference.path("filter"))) {
      readAll(whole);
    }
  }

  @Test
  void shouldSayWhichFileIsMissing() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("none")))
        .hasMessageContaining("is no folder");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("config.json is missing");
    Files.copy(Reference.path("filter/config.json"), folder.resolve("config.json"));
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("model.safetensors is missing");
  }

  @Test
  void shouldTellWhetherTwoCheckpointsEncodeImagesAlike() throws IOException {
    Map<String, FloatTensor> sameVision = captioner();
    String head = HEAD + "bias";
    sameVision.put(head, FloatTensor.of(new float[160], 160));
    Map<String, FloatTensor> otherVision = captioner();
    String norm = "vision_model.post_layernorm.bias";
    float[] changed = otherVision.get(norm).values().clone();
    changed[0] = Math.nextUp(changed[0]);
    otherVision.put(norm, FloatTensor.of(changed, changed.length));
    try (Checkpoint first = Checkpoint.open(Reference.path("captioner"))) {
      try (Checkpoint same = rewrite(sameVision)) {
        assertThat(first.encodesImagesLike(same)).isTrue();
      }
      try (Checkpoint other = rewrite(otherVision)) {
        assertThat(first.encodesImagesLike(other)).isFalse();
      }
    }
  }

  private static void readAll(Checkpoint checkpoint) throws IOException {
    for (var entry : BlipParameters.filter(checkpoint.config()).entrySet()) {
      checkpoint.read(entry.getKey(), entry.getValue());
    }
  }

  /** The reference captioner's weights, to be changed. */
  private static Map<String, FloatTensor> captioner() throws IOException {
    Map<String, FloatTensor> weights = new LinkedHashMap<>();
    try (var file = SafetensorsFile.open(Reference.path("captioner/model.safetensors"))) {
      for (String name : file.names()) {
        weights.put(name, FloatTensor.of(file.readFloats(name), file.tensor(name).shape()));
      }
    }
    return weights;
  }

  private Checkpoint rewrite(Map<String, FloatTensor> weights) throws IOException {
    Path copy = copyOf("captioner");
    SafetensorsWriter.write(copy.resolve("model.safetensors"), weights, Precision.F32);
    return Checkpoint.open(copy);
  }

  private Path copyOf(String name) throws IOException {
    Path copy = Files.createTempDirectory(folder, name);
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Reference.path(name).resolve(file), copy.resolve(file));
    }
    return copy;
  }
}
