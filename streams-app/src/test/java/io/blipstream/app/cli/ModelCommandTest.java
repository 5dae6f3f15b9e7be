package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains, measures and describes through the real command line and the real engine. */
class ModelCommandTest {

  private static final List<String> TINY =
      List.of(
          "model",
          "train",
          "--batch=4",
          "--image-size=16",
          "--patch-size=8",
          "--width=32",
          "--heads=2",
          "--vision-layers=1",
          "--text-layers=1",
          "--save-every=3");

  @TempDir Path folder;

  @Test
  void shouldTrainResumeMeasureAndDescribe() throws IOException {
    assertThat(train("--steps=6").status()).isZero();
    assertThat(Files.readAllLines(folder.resolve("loss-curve.csv"))).hasSize(1 + 6);

    Shell.Result again = train("--steps=6");
    assertThat(again.status()).isZero();
    assertThat(Files.readAllLines(folder.resolve("loss-curve.csv"))).hasSize(1 + 6);

    Shell.Result measured =
        run("model", "evaluate", "--scenes=20", "--seed=7", captioner(), filter());
    assertThat(measured.status()).as(measured.err()).isZero();
    JsonNode report = new JsonMapper().readTree(measured.lines().get(0));
    assertThat(report.get("scenes").asInt()).isEqualTo(20);
    assertThat(report.get("captionNamesRightThing").asDouble()).isBetween(0.0, 1.0);

    Shell.Result described = run("model", "info", "--json", folder.resolve("filter").toString());
    assertThat(described.status()).isZero();
    JsonNode info = new JsonMapper().readTree(described.lines().get(0));
    assertThat(info.get("role").asText()).isEqualTo("filter");
    assertThat(info.get("parameters").asLong()).isPositive();
    assertThat(info.get("sha256").asText()).hasSize(64);
  }

  @Test
  void shouldRefuseToGoOnByAnotherPlan() throws IOException {
    assertThat(train("--steps=2").status()).isZero();

    Shell.Result other = train("--steps=3");

    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("another plan").doesNotContain("Exception");
  }

  @Test
  void shouldDescribeTheBundledModels() {
    Shell.Result described = run("model", "info");

    assertThat(described.status()).isZero();
    assertThat(described.out())
        .contains("bundled-captioner: a captioner")
        .contains("bundled-filter: a filter")
        .contains(
            "width 128, 4 layers, 4 heads, MLP 512, eps 1e-05; images 48 x 48, patch 12: 17 tokens")
        .contains("engine      onnx cpu int8")
        .contains("model.safetensors 2.86 MB");
  }

  @Test
  void shouldDescribeInJsonWhatAnImageCosts() throws IOException {
    Shell.Result described = run("model", "info", "--json", "--engine=pytorch", "--device=gpu");

    JsonNode captioner = new JsonMapper().readTree(described.lines().get(0));
    JsonNode parts = captioner.get("parametersByPart");
    assertThat(captioner.get("parameters").asLong())
        .isEqualTo(
            parts.get("vision").asLong()
                + parts.get("text").asLong()
                + parts.get("heads").asLong());
    assertThat(captioner.at("/memoryBytes/weights").asLong())
        .isEqualTo(4 * captioner.get("parameters").asLong());
    assertThat(captioner.at("/memoryBytes/tokensPerImage").asLong()).isEqualTo(4 * 17 * 128);
    assertThat(captioner.at("/memoryBytes/crossKeyValuesPerImage").asLong())
        .isEqualTo(2 * 4 * 2 * 17 * 128);
    assertThat(captioner.at("/gigaflopPerImage/total").asDouble())
        .isGreaterThan(captioner.at("/gigaflopPerImage/vision").asDouble());
    assertThat(captioner.get("engine").asText()).isEqualTo("pytorch gpu fp32");
  }

  @Test
  void shouldSayWhatAFolderLacks() throws IOException {
    Shell.Result described = run("model", "info", folder.toString());

    assertThat(described.status()).isEqualTo(1);
    assertThat(described.err()).contains("config.json").doesNotContain("Exception");
  }

  private Shell.Result train(String... more) {
    List<String> arguments = new ArrayList<>(TINY);
    arguments.add("--to=" + folder);
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private String captioner() {
    return "--captioner=" + folder.resolve("captioner");
  }

  private String filter() {
    return "--filter=" + folder.resolve("filter");
  }

  private static Shell.Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(Map.of(), new PrintWriter(out), new PrintWriter(err), arguments);
    return new Shell.Result(status, out.toString(), err.toString());
  }
}
