package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What transformers 5.18 makes of the reference's position embeddings for other image sizes. */
class PositionEmbeddingsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "96, 96", "48, 48", "64, 96", "128, 32", "80, 112", "70, 66", "16, 16", "208, 64", "32, 160"
  })
  void shouldInterpolateAsTheReferenceDoes(int height, int width) throws IOException {
    try (Checkpoint checkpoint = captioner(height, width);
        TensorSource reference = SafetensorsFile.open(path("positions/reference.safetensors"))) {
      int tokens = (height / 16) * (width / 16) + 1;
      assertThat(checkpoint.imageTokens()).isEqualTo(tokens);
      float[] actual = checkpoint.read(BlipParameters.POSITIONS, 1, tokens, 48);
      float[] expected = reference.readFloats(height + "x" + width);
      assertThat(actual).hasSameSizeAs(expected);
      float scale = 0;
      float difference = 0;
      for (int i = 0; i < expected.length; i++) {
        scale = Math.max(scale, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      }
      assertThat(difference / scale).isLessThan(1e-6f);
    }
  }

  @Test
  void shouldLeaveThemAsTheyAreForTheSizeTheyWereTrainedFor() throws IOException {
    try (Checkpoint same = captioner(64, 64);
        Checkpoint reference = Checkpoint.open(Reference.path("captioner"))) {
      assertThat(same.read(BlipParameters.POSITIONS, 1, 17, 48))
          .isEqualTo(reference.read(BlipParameters.POSITIONS, 1, 17, 48));
    }
  }

  @Test
  void shouldCheckTheirShapeInTheFileAgainstTheConfiguration() throws IOException {
    try (Checkpoint checkpoint = captioner(96, 96)) {
      checkpoint.require(BlipParameters.captioner(checkpoint.config()));
      checkpoint.require(CheckpointWriter.Architecture.CAPTIONER);
      assertThatThrownBy(
              () -> checkpoint.require(Map.of(BlipParameters.POSITIONS, new long[] {1, 18, 48})))
          .hasMessageContaining("is [1, 17, 48] where [1, 18, 48] is expected");
    }
  }

  private Checkpoint captioner(int height, int width) throws IOException {
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Reference.path("captioner").resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"size\":{\"height\":%d,\"width\":%d}}".formatted(height, width));
    return Checkpoint.open(folder);
  }

  private static Path path(String name) {
    return Reference.path("captioner").getParent().getParent().resolve(name);
  }
}
