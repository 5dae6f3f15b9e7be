package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path folder;

  @Test
  void shouldReadBackWhatWasWritten() throws IOException {
    Path path = folder.resolve("a.safetensors");
    float[] large = new float[300_000]; // larger than the write buffer
    for (int i = 0; i < large.length; i++) {
      large[i] = i / 7f;
    }
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    tensors.put("scalar", FloatTensor.of(new float[] {3.25f}));
    tensors.put("large", FloatTensor.lazy(() -> large, 100, 3000));
    tensors.put("empty", FloatTensor.of(new float[0], 0, 4));
    SafetensorsWriter.write(path, tensors, Precision.F32);
    try (var file = SafetensorsFile.open(path)) {
      assertThat(file.names()).containsExactly("scalar", "large", "empty");
      assertThat(file.tensor("large").shape()).containsExactly(100, 3000);
      assertThat(file.readFloats("large")).isEqualTo(large);
      assertThat(file.readFloats("scalar")).containsExactly(3.25f);
      assertThat(file.readFloats("empty")).isEmpty();
    }
    byte[] bytes = Files.readAllBytes(path);
    assertThat(bytes[0] % 8).isZero();
    assertThat(new String(bytes, 8, 60, StandardCharsets.UTF_8))
        .startsWith("{\"__metadata__\":{\"format\":\"pt\"}");
  }

  @Test
  void shouldHalveTheSizeAndRoundToNearest() throws IOException {
    Path path = folder.resolve("half.safetensors");
    SafetensorsWriter.write(
        path, Map.of("w", FloatTensor.of(new float[] {1f, 1 / 3f, -65504f}, 3)), Precision.F16);
    try (var file = SafetensorsFile.open(path)) {
      assertThat(file.tensor("w").dtype()).isEqualTo(Dtype.F16);
      assertThat(file.readFloats("w")).containsExactly(1f, 0.33325195f, -65504f);
    }
  }

  @Test
  void shouldLeaveTheOldFileAndNothingElseWhenWritingFails() throws IOException {
    Path path = folder.resolve("a.safetensors");
    SafetensorsWriter.write(
        path, Map.of("old", FloatTensor.of(new float[] {1f}, 1)), Precision.F32);
    byte[] before = Files.readAllBytes(path);

    assertRefused(path, FloatTensor.of(new float[] {Float.NaN}, 1), Precision.F32, "holds NaN");
    assertRefused(path, FloatTensor.of(new float[] {70000f}, 1), Precision.F16, "beyond ±65504");
    assertRefused(path, FloatTensor.of(new float[] {1f}, 2), Precision.F32, "1 values for");

    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).isEqualTo(List.of(path));
    }
  }

  private static void assertRefused(
      Path path, FloatTensor tensor, Precision precision, String sentence) {
    assertThatThrownBy(() -> SafetensorsWriter.write(path, Map.of("w", tensor), precision))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tensor w")
        .hasMessageContaining(sentence);
  }
}
