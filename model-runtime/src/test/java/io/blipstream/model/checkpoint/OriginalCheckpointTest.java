package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.CheckpointWriter.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny pre-trained file in the original's layout, momentum copies, queues and all. */
class OriginalCheckpointTest {

  private static final Path PRETRAINED =
      Reference.path("captioner").getParent().getParent().resolve("original/pretrained.pth");

  @TempDir Path folder;
  private Path tokenizer;
  private Path target;

  @BeforeEach
  void makeTokenizer() throws IOException {
    tokenizer = Files.createDirectory(folder.resolve("bert"));
    Files.writeString(tokenizer.resolve("vocab.txt"), "[PAD]\n[SEP]\n");
    target = folder.resolve("converted");
  }

  @Test
  void shouldConvertBothRolesOfAPretrainedFile() throws IOException {
    try (OriginalCheckpoint original = OriginalCheckpoint.open(PRETRAINED);
        TensorSource file = TorchFile.open(PRETRAINED)) {
      assertThat(original.roles()).containsExactly(Architecture.CAPTIONER, Architecture.FILTER);
      assertThat(original.imageSize()).isEqualTo(32);
      for (Architecture role : Architecture.values()) {
        original.convert(role, tokenizer, target.resolve(role.name()));
        try (Checkpoint converted = Checkpoint.open(target.resolve(role.name()))) {
          converted.require(role);
          assertThat(converted.config()).isEqualTo(expectedConfig());
          assertThat(converted.preprocessing()).isEqualTo(ImagePreprocessing.ofSize(32));
          assertThat(converted.file("vocab.txt")).isPresent();
          assertThat(
                  converted.read(
                      "vision_model.encoder.layers.1.self_attn.projection.weight", 64, 64))
              .isEqualTo(file.readFloats("visual_encoder.blocks.1.attn.proj.weight"));
          assertThat(converted.read("vision_model.embeddings.class_embedding", 1, 1, 64))
              .isEqualTo(file.readFloats("visual_encoder.cls_token"));
          assertThat(converted.read("vision_model.post_layernorm.bias", 64))
              .isEqualTo(file.readFloats("visual_encoder.norm.bias"));
          assertThat(converted.read("vision_model.encoder.layers.0.layer_norm2.weight", 64))
              .isEqualTo(file.readFloats("visual_encoder.blocks.0.norm2.weight"));
        }
      }
    }
  }

  @Test
  void shouldInterpolatePositionsForAnotherSizeAsTheOriginalDoes() throws IOException {
    try (OriginalCheckpoint original = OriginalCheckpoint.open(PRETRAINED);
        TensorSource reference =
            SafetensorsFile.open(PRETRAINED.resolveSibling("reference.safetensors"))) {
      original.convert(Architecture.CAPTIONER, tokenizer, target, 48);
      try (Checkpoint converted = Checkpoint.open(target)) {
        assertThat(converted.config().vision().imageSize()).isEqualTo(48);
        float[] actual = converted.read(BlipParameters.POSITIONS, 1, 37, 64);
        float[] expected = reference.readFloats("positions48");
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-6f));
        }
      }
      assertThatThrownBy(() -> original.convert(Architecture.CAPTIONER, tokenizer, target, 7))
          .hasMessageContaining("the image size 7 is below the patch size 8");
    }
  }

  @Test
  void shouldReplaceNothingIfTheTokenizerIsMissing() throws IOException {
    Files.delete(tokenizer.resolve("vocab.txt"));
    try (OriginalCheckpoint original = OriginalCheckpoint.open(PRETRAINED)) {
      assertThatThrownBy(() -> original.convert(Architecture.FILTER, tokenizer, target))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("has neither tokenizer.json nor vocab.txt");
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void shouldSayWhatAFileIsThatIsNoOriginal() {
    assertThatThrownBy(() -> OriginalCheckpoint.open(TorchFiles.path("captioner.bin")))
        .hasMessageContaining("has Hugging Face's names already");
    assertThatThrownBy(() -> OriginalCheckpoint.open(TorchFiles.path("plain.pt")))
        .hasMessageContaining("holds neither a captioner nor a filter of the original BLIP");
    assertThatThrownBy(() -> OriginalCheckpoint.open(TorchFiles.path("evil.pt")))
        .hasMessageContaining("asks for the Python global posix.system");
    assertThatThrownBy(() -> OriginalCheckpoint.open(folder.resolve("none.pth")))
        .hasMessageContaining("none.pth is missing");
  }

  @Test
  void shouldDropWhatOnlyTrainingNeeds() {
    for (String name :
        new String[] {
          "visual_encoder_m.cls_token",
          "text_encoder_m.embeddings.LayerNorm.bias",
          "vision_proj_m.weight",
          "image_queue",
          "idx_queue",
          "temp",
          "text_encoder.embeddings.position_ids"
        }) {
      assertThat(OriginalNames.huggingFace(name)).as(name).isEmpty();
    }
    assertThat(OriginalNames.huggingFace("visual_encoder.blocks.11.attn.qkv.bias"))
        .contains("vision_model.encoder.layers.11.self_attn.qkv.bias");
  }

  private static BlipConfig expectedConfig() {
    return new BlipConfig(
        new VisionConfig(64, 2, 1, 96, 32, 8, 1e-6f),
        new TextConfig(112, 64, 1, 1, 64, 24, 1e-12f, 110, 102, 0),
        24);
  }
}
