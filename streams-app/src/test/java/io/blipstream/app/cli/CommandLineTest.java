package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class CommandLineTest {

  private final Shell shell = new Shell();
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tial",
        "model",
        "bench",
        "bench decode --threads 0",
        "bench decode --images /does/not/exist",
        "bench stream --device 20",
        "bench stream --size 1GB",
        "bench stream --seconds 0",
        "bench stream --guarantee perhaps",
        "bench pipe --repeats 0",
        "bench pipe --images 5",
        "tail",
        "tail images --nope",
        "tail images --max many",
        "send",
        "run --batch-size nothing",
        "run --batch-size 0",
        "run --captioner only-one",
        "run --beams 3 --top-p 0.9",
        "demo --beams 3 --sample",
        "caption --candidates 4 --beams 3 a.png",
        "tail images --topic-images a/b",
        "feed --topic-images a/b",
        "tail images -X novalue",
        "tail images -X default.api.timeout.ms=soon",
        "run --allow-files /does/not/exist",
        "caption pom.xml --engine abacus",
        "caption pom.xml --engine simulated --fail-rate 1.5",
        "tail images --kafka-config /does/not/exist"
      })
  void shouldAnswerWrongUseWithTwoAndASentence(String line) {
    Shell.Result result = shell.run(line.isEmpty() ? new String[0] : line.split(" ", -1));
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("blipstream: ").doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
  }

  /** What would lose or repeat images, or live-lock, is refused before anything is asked. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--processing-guarantee at_least_once --group-protocol streams | group.protocol=classic",
        "--transaction-timeout-ms 10000 --window-block-ms 5001 | less than twice window.block.ms",
        "--topic-images app-by-key-repartition | a repartition topic",
        "--window-records 31 --batch-size 16 | less than twice batch.size",
        "-X __processing.threads.enabled__=true | held offsets need",
        "-X producer.transaction.timeout.ms=1000 | Set transaction.timeout.ms of the service"
      })
  void shouldRefuseToRunWhatCannotKeepItsPromises(String flags, String why) {
    List<String> command = new ArrayList<>(List.of("run", "--bootstrap-servers=127.0.0.1:1"));
    Shell.Result result = shell.run(command, flags.split(" ", -1));
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("blipstream: ").contains(why);
  }

  @Test
  void shouldSimulateTheModelWhenAsked() throws IOException {
    Path picture = folder.resolve("a.png");
    Pictures.write(picture, 20);
    String[] simulated = {"caption", picture.toString(), "--engine", "simulated", "--json"};
    Shell.Result first = shell.run(simulated);
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).contains("\"caption\":\"a ").doesNotContain("a picture");
    assertThat(shell.run(simulated).out()).isEqualTo(first.out());
    assertThat(shell.run(List.of(simulated), "--engine-seed", "2").out()).isNotEqualTo(first.out());
    assertThat(shell.run(List.of(simulated), "--fail-rate", "1").status()).isEqualTo(1);
  }

  @Test
  void shouldShowTheUsageOfTheCommandThatWasMeant() {
    assertThat(shell.run("tail", "images", "--from-begining").err())
        .contains("Usage: blipstream tail")
        .contains("--from-beginning");
  }

  @Test
  void shouldExplainEveryCommand() {
    String help = shell.run("--help").out();
    assertThat(help)
        .contains("demo", "run", "broker", "send", "tail", "caption", "model", "soak", "topology")
        .contains("3   a needed service or topic is missing");
    for (String command :
        new String[] {"demo", "run", "broker", "send", "tail", "caption", "topology"}) {
      Shell.Result result = shell.run(command, "--help");
      assertThat(result.status()).isZero();
      assertThat(result.out()).startsWith("Usage: blipstream " + command);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tail images", "send pom.xml", "run", "run --schema-registry-url mock://x"})
  void shouldSayInTimeThatKafkaIsNotThere(String line) {
    assertSaysThatKafkaIsNotThere(Shell.withoutKafka(Map.of()).run(line.split(" ", -1)), "1 s");
  }

  @ParameterizedTest
  @CsvSource({"-Xclient.id=me, 10 s", "-Xdefault.api.timeout.ms=1500, 1.5 s"})
  void shouldWaitForKafkaAsLongAsToldAndTenSecondsByDefault(String setting, String patience) {
    assertSaysThatKafkaIsNotThere(
        shell.run("tail", "images", "--bootstrap-servers=127.0.0.1:1", setting), patience);
  }

  private static void assertSaysThatKafkaIsNotThere(Shell.Result result, String patience) {
    assertThat(result.status()).as(result.err()).isEqualTo(3);
    assertThat(result.err()).hasLineCount(1).contains("127.0.0.1:1 within " + patience + ";");
  }

  @Test
  void shouldShowWhereAFailureCameFromWhenAsked() {
    assertThat(shell.run("tail", "images", "--bootstrap-servers", "no-host.invalid:1").err())
        .doesNotContain("\tat ")
        .contains("no-host.invalid:1");
    assertThat(shell.run("tail", "images", "--bootstrap-servers", "no-host.invalid:1", "-v").err())
        .contains("\tat ");
  }

  @Test
  void shouldDrawTheTopology() {
    Shell.Result result = shell.run("topology", "--topic-images", "pictures");
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("Sub-topology: 0")
        .contains("flowchart LR")
        .contains("topic_pictures[(\"pictures\")]");
    assertThat(shell.run("topology", "--mermaid").out()).startsWith("flowchart LR");
  }

  @Test
  void shouldCaptionFilesAndNameThoseItCannotRead() {
    Path good = Pictures.write(folder.resolve("good.png"), 20);
    Path bad = write(folder.resolve("bad.png"), "no image");
    Shell.Result result =
        shell.run(
            "caption", "--json", "--text", "even", good.toString(), bad.toString(), "missing.png");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("\"caption\":\"a picture\",\"itm\":0.9")
        .contains("\"candidates\":[{\"caption\":\"a picture\",\"itm\":0.9")
        .contains("\"texts\":[{\"text\":\"even\"");
    assertThat(result.err()).contains("bad.png: This is no image.").contains("missing.png");
    assertThat(shell.run("caption", good.toString()).out()).contains("caption itm 0.900");
  }

  @Test
  void shouldShowEveryCandidate() throws IOException {
    String good = Pictures.write(folder.resolve("good.png"), 20).toString();
    String[] three = {"--candidates", "3", "--sample", "--text", "even"};
    List<String> arguments = new ArrayList<>(List.of("caption"));
    arguments.addAll(List.of(three));
    assertThat(shell.run(arguments, good).lines())
        .map(line -> line.replaceAll(" +", " "))
        .containsExactly(
            good,
            " caption itm 0.900 itc +0.400 a picture",
            " caption itm 0.100 itc -0.100 a picture 2",
            " caption itm 0.100 itc -0.100 a picture 3",
            " text itm 0.900 itc +0.400 even");
    JsonNode json = new JsonMapper().readTree(shell.run(arguments, "--json", good).out());
    assertThat(json.path("caption").asText()).isEqualTo("a picture");
    assertThat(json.path("candidates").findValuesAsText("caption"))
        .containsExactly("a picture", "a picture 2", "a picture 3");
    assertThat(json.path("texts").findValuesAsText("text")).containsExactly("even");
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
