package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class DemoCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path state;

  @Test
  void shouldShowEveryImageAndThatNothingIsLost() throws Exception {
    Shell.Result result = new Shell().run("demo", "--images", "30", "--seed", "7");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.lines()).hasSize(31);
    assertThat(result.lines().subList(0, 30))
        .allSatisfy(line -> assertThat(line).startsWith("scene-7-0").contains("\"a picture\""))
        .map(line -> line.split(" ", 2)[0])
        .doesNotHaveDuplicates();
    JsonNode summary = summary(result.lines());
    assertThat(summary.get("images").asInt()).isEqualTo(30);
    assertThat(summary.get("confidences").asInt()).isEqualTo(30);
    assertThat(
            summary.get("captions").asInt()
                + summary.get("rejects").get("TEXT_NOT_MATCHED").asInt())
        .isEqualTo(60);
    assertThat(summary.get("conservation").asBoolean()).isTrue();
  }

  @Test
  void shouldGiveEachOfSeveralCaptionsOneOutcome() throws Exception {
    Shell.Result result =
        new Shell().run("demo", "--images", "20", "--candidates", "4", "--top-p", "0.9");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.lines().subList(0, 20))
        .allSatisfy(
            line ->
                assertThat(line)
                    .containsSubsequence(
                        "\"a picture\"", "\"a picture 2\"", "\"a picture 4\"", "| web"));
    JsonNode summary = summary(result.lines());
    assertThat(summary.get("confidences").asInt()).isEqualTo(20);
    assertThat(
            summary.get("captions").asInt()
                + summary.get("rejects").get("TEXT_NOT_MATCHED").asInt())
        .isEqualTo(20 * (1 + 4));
    assertThat(summary.get("conservation").asBoolean()).isTrue();
  }

  @Test
  void shouldGoOnWhereAKilledDemoWas() throws Exception {
    Process victim = demo(state, 120, 50);
    List<String> before = readLines(victim, 40);
    victim.destroyForcibly().waitFor();
    assertThat(before).hasSize(40);

    Shell.Result result = new Shell().run("demo", "--images", "120", "--state", state.toString());

    assertThat(result.status()).as(result.err() + result.out()).isZero();
    assertThat(result.err()).contains("Going on: ");
    JsonNode summary = summary(result.lines());
    assertThat(summary.get("images").asInt()).isEqualTo(120);
    assertThat(summary.get("confidences").asInt()).isEqualTo(120);
    assertThat(summary.get("lost").asInt()).isZero();
    assertThat(summary.get("duplicated").asInt()).isZero();
    // What was shown as done before the kill is not done again.
    assertThat(result.lines().stream().map(line -> line.split(" ", 2)[0]))
        .doesNotContainAnyElementsOf(
            before.stream().map(line -> line.split(" ", 2)[0]).collect(Collectors.toList()));
  }

  @Test
  void shouldRefuseAFolderOfAnotherSeed() {
    assertThat(new Shell().run("demo", "--images", "1", "--seed", "1", "--state", state.toString()))
        .extracting(Shell.Result::status)
        .isEqualTo(0);
    Shell.Result other =
        new Shell().run("demo", "--images", "1", "--seed", "2", "--state", state.toString());
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("seed 1");
  }

  /** A demo in a process of its own, with a slow fake model. */
  static final class SlowDemo {
    public static void main(String[] args) {
      long millis = Long.parseLong(args[0]);
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
      String[] arguments = List.of(args).subList(1, args.length).toArray(String[]::new);
      System.exit(
          Main.run(Map.of(), (folders, settings) -> new FakeCapFilt(millis), out, err, arguments));
    }
  }

  private static Process demo(Path state, int images, int millisPerImage) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx768m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SlowDemo.class.getName(),
            Integer.toString(millisPerImage),
            "demo",
            "--images",
            Integer.toString(images),
            "--state",
            state.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> readLines(Process process, int count) throws IOException {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return out.lines().limit(count).collect(Collectors.toList());
    }
  }

  private static JsonNode summary(List<String> lines) throws IOException {
    return JSON.readTree(lines.get(lines.size() - 1));
  }
}
