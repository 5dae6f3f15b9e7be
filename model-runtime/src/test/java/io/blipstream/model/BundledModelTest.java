package io.blipstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {

  @TempDir Path folder;

  @Test
  void shouldUnpackOnceAndRepairWhatWasCutOff() throws IOException {
    Path cache = folder.resolve("cache");
    try (URLClassLoader resources = resources("weights")) {
      BundledModel model = BundledModel.unpack(resources, cache);
      Path weights = model.filter().resolve("model.safetensors");
      assertThat(weights).hasContent("filter/model.safetensors weights");
      assertThat(model.captioner().resolve("vocab.txt")).hasContent("captioner/vocab.txt weights");

      Files.writeString(weights, "cut");
      Files.setLastModifiedTime(model.captioner().resolve("vocab.txt"), FileTime.fromMillis(5));
      assertThat(BundledModel.unpack(resources, cache)).isEqualTo(model);
      assertThat(weights).hasContent("filter/model.safetensors weights");
      assertThat(Files.getLastModifiedTime(model.captioner().resolve("vocab.txt")).toMillis())
          .isEqualTo(5);
      try (Stream<Path> files = Files.list(model.filter())) {
        assertThat(files).hasSize(5);
      }
    }
  }

  @Test
  void shouldKeepVersionsApart() throws IOException {
    Path cache = folder.resolve("cache");
    try (URLClassLoader first = resources("first");
        URLClassLoader second = resources("second")) {
      assertThat(BundledModel.unpack(first, cache))
          .isNotEqualTo(BundledModel.unpack(second, cache));
    }
  }

  @Test
  void shouldSayWhatToDoWithoutABundledModel() throws IOException {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> BundledModel.unpack(empty, folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("blipstream model train");
    }
  }

  private URLClassLoader resources(String content) throws IOException {
    Path root = folder.resolve(content);
    for (String model : List.of("captioner", "filter")) {
      Path target = root.resolve("io/blipstream/model/bundled").resolve(model);
      Files.createDirectories(target);
      for (String file :
          List.of(
              "config.json",
              "preprocessor_config.json",
              "tokenizer.json",
              "vocab.txt",
              "model.safetensors")) {
        Files.writeString(target.resolve(file), model + "/" + file + " " + content);
      }
    }
    return new URLClassLoader(new URL[] {root.toUri().toURL()}, null);
  }
}
