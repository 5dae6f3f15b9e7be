package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The frame of all bench commands, by the quickest of them. */
@Timeout(180)
class BenchDecodeCommandTest {

  private final Shell shell = new Shell();
  @TempDir private Path folder;
  private Path images;

  @BeforeEach
  void makeImages() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    Pictures.write(images.resolve("a.png"), 20);
    Files.writeString(images.resolve("b.txt"), "no image");
  }

  private Shell.Result bench(String... more) {
    return shell.run(
        List.of("bench", "decode", "--images", images.toString(), "--seconds", "0.2"), more);
  }

  @Test
  void shouldEndWithALineOfJson() throws IOException {
    Shell.Result result = bench();
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(1);
    JsonNode json = new JsonMapper().readTree(result.out());
    assertThat(json.get("command").asText()).startsWith("bench decode --images ");
    assertThat(json.get("machine").get("cores").asInt()).isPositive();
    JsonNode row = json.get("rows").get(0);
    assertThat(row.get("parameters").get("decoder").asText()).isEqualTo("native");
    assertThat(json.get("rows").findValuesAsText("decoding")).containsExactly("exact", "scaled");
    for (String figure : new String[] {"read", "refused", "imagesPerCpuSecond"}) {
      assertThat(row.get("figures").get(figure).get("value").asDouble()).as(figure).isPositive();
    }
    assertThat(result.err()).contains("imagesPerSecond [1/s]");
  }

  @Test
  void shouldCompareWithAnEarlierRun() throws IOException {
    Path earlier = folder.resolve("earlier.json");
    Shell.Result first = bench("--json", earlier.toString());
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(new JsonMapper().readTree(Files.readString(earlier)))
        .isEqualTo(new JsonMapper().readTree(first.out()));
    Shell.Result second = bench("--compare", earlier.toString());
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(second.err()).contains("now/before").containsPattern("imagesPerSecond +\\d");
  }

  @Test
  void shouldRefuseWhatItCannotCompareWithBeforeItMeasures() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"rows\": []}");
    for (Path file : List.of(broken, folder.resolve("missing.json"))) {
      Shell.Result result = bench("--compare", file.toString());
      assertThat(result.status()).isEqualTo(2);
      assertThat(result.err()).startsWith("blipstream: ").contains(file.toString());
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void shouldRefuseAFileItCannotWriteBeforeItMeasures() {
    for (Path file : List.of(folder, folder.resolve("missing/a.json"))) {
      Shell.Result result = bench("--json", file.toString());
      assertThat(result.status()).isEqualTo(2);
      assertThat(result.err()).contains("cannot be written to " + file);
      assertThat(result.out()).isEmpty();
    }
  }
}
