package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch 2.13 saved, compared with safetensors of the same tensors. */
class TorchFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "plain.pt, plain.safetensors",
    "protocol4.pt, plain.safetensors",
    "protocol5.pt, plain.safetensors",
    "old.pt, plain.safetensors",
    "nested.pt, plain.safetensors",
    "old-nested.pt, plain.safetensors",
    "half.pt, half.safetensors",
    "bfloat16.pt, bfloat16.safetensors",
    "views.pt, views.safetensors",
  })
  void shouldReadTheSameTensorsAsFromSafetensors(String torch, String safetensors)
      throws IOException {
    requireSame(TorchFiles.path(torch), TorchFiles.path(safetensors));
  }

  @Test
  void shouldReadAWholeCheckpointAlike() throws IOException {
    requireSame(TorchFiles.path("captioner.bin"), Reference.path("captioner/model.safetensors"));
  }

  @ParameterizedTest
  @CsvSource({
    "evil.pt, posix.system",
    "evil4.pt, posix.system",
    "old-evil.pt, posix.system",
    "module.pt, torch.nn.modules.linear.Linear",
    "parameter.pt, torch._utils._rebuild_parameter",
    "double.pt, torch.DoubleStorage",
  })
  void shouldRefuseAnyOtherGlobalByNameAndRunNothing(String name, String global) {
    Path file = TorchFiles.path(name);
    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + " asks for the Python global " + global + ", which no BLIP");
    assertThat(Path.of("/tmp/blipstream-was-here")).doesNotExist();
  }

  @Test
  void shouldSayWhatAFileIsThatHoldsNoTensorsByName() {
    assertThatThrownBy(() -> TorchFile.open(TorchFiles.path("list.pt")))
        .hasMessageContaining("holds no tensors by name");
    assertThatThrownBy(() -> TorchFile.open(TorchFiles.path("plain.safetensors")))
        .hasMessageContaining("is no file that torch.save wrote");
    assertThatThrownBy(() -> TorchFile.open(folder.resolve("none.pth")))
        .hasMessageContaining("none.pth is missing");
    assertThatThrownBy(() -> TorchFile.open(folder)).hasMessageContaining("is a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.pt", "old.pt", "views.pt", "captioner.bin"})
  void shouldRefuseAFileThatIsCutOffAnywhere(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TorchFiles.path(name));
    Path cut = folder.resolve(name);
    int step = Math.max(1, whole.length / 200);
    for (int length = 0; length < whole.length; length += step) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TorchFile.open(cut))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(cut.toString());
    }
  }

  private static void requireSame(Path torch, Path safetensors) throws IOException {
    try (TensorSource actual = TorchFile.open(torch);
        TensorSource expected = SafetensorsFile.open(safetensors)) {
      assertThat(actual.names()).containsAll(expected.names());
      assertThat(Set.copyOf(actual.names())).hasSameSizeAs(expected.names());
      for (String name : expected.names()) {
        TensorInfo info = expected.tensor(name);
        assertThat(actual.tensor(name).toString()).isEqualTo(info.toString());
        if (info.dtype().isFloating()) {
          assertThat(actual.readFloats(name)).as(name).isEqualTo(expected.readFloats(name));
        } else {
          assertThat(actual.readLongs(name)).as(name).isEqualTo(expected.readLongs(name));
        }
      }
    }
  }
}
