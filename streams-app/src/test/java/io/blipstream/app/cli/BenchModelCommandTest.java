package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchModelCommandTest {

  private final Shell shell = new Shell();
  @TempDir private Path folder;

  @Test
  void shouldMeasureEveryStageOfARandomModelAndLeaveItToOthers() throws Exception {
    Shell.Result result =
        shell.run(
            "bench",
            "model",
            "--size",
            "tiny",
            "--keep",
            folder.toString(),
            "--engine",
            "pytorch",
            "--threads",
            "1",
            "--batch",
            "2",
            "--seconds",
            "0");

    assertThat(result.status()).as(result.err()).isZero();
    List<String> stages = new ArrayList<>();
    for (JsonNode row : new JsonMapper().readTree(result.out()).get("rows")) {
      JsonNode figures = row.get("figures");
      assertThat(figures.get("speed").get("value").asDouble()).isPositive();
      if (row.get("name").asText().equals("model")) {
        stages.add(row.get("parameters").get("stage").asText());
        assertThat(figures.get("imagesPerSecond").get("value").asDouble()).isPositive();
        assertThat(figures.get("repeats").get("value").asInt()).isEqualTo(3);
      }
    }
    assertThat(stages).containsExactly("vision", "caption", "filter", "capfilt");
    for (String file : new String[] {"captioner/model.safetensors", "filter/vocab.txt"}) {
      assertThat(folder.resolve(file)).exists();
    }
    assertThat(folder.resolve("images")).isDirectoryContaining("glob:**.png");
  }

  @Test
  void shouldSayWhyAMeasuringProcessFailed() throws Exception {
    Shell.Result result =
        shell.run("bench", "model", "--stage", "caption", "--tokens", "1000", "--threads", "1");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("the model writes at most").doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void shouldRefuseFoldersThatHoldNoModelBeforeItMeasures() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Shell.Result result =
        shell.run("bench", "model", "--captioner", empty.toString(), "--filter", empty.toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).startsWith("blipstream: ").contains(empty.toString());
  }

  @Test
  void shouldRefuseWhatCannotBeMeasured() {
    for (String[] flags :
        new String[][] {
          {"--batch", "0"},
          {"--threads", "0"},
          {"--tokens", "0"},
          {"--same-vision"},
          {"--engine", "abacus"},
        }) {
      Shell.Result result = shell.run(List.of("bench", "model"), flags);
      assertThat(result.status()).as(String.join(" ", flags)).isEqualTo(2);
      assertThat(result.out()).isEmpty();
    }
  }
}
