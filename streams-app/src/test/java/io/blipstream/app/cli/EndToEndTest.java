package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.schemas.serde.RecordSchemas;
import io.blipstream.schemas.serde.RegistrySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands broker, send, run and tail together, each called as from its own terminal. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {

  private static final int GOOD = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path folder;
  private Thread broker;
  private Shell shell;

  @BeforeAll
  void startBroker(@TempDir Path shared) throws IOException {
    folder = shared;
    PipedReader printed = new PipedReader(1 << 16);
    PrintWriter out = new PrintWriter(new PipedWriter(printed), true);
    broker =
        start(out, "broker", "--data", folder + "/broker", "--port", "0", "--registry-port", "0");
    BufferedReader lines = new BufferedReader(printed);
    Map<String, String> environment =
        Map.of(
            "BLIPSTREAM_BOOTSTRAP_SERVERS", lastWord(lines.readLine()),
            "BLIPSTREAM_SCHEMA_REGISTRY_URL", lastWord(lines.readLine()));
    shell = new Shell(environment);
  }

  @AfterAll
  void stopBroker() throws InterruptedException {
    broker.interrupt();
    broker.join();
  }

  @Test
  @Order(1)
  void shouldSendAFolderWithGoodAndBadFilesAndNameWhatIsMissing() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures/below")).getParent();
    for (int i = 0; i < GOOD; i++) {
      Pictures.write(pictures.resolve(i % 2 == 0 ? i + ".png" : "below/" + i + ".jpg"), 20 + i);
    }
    Files.writeString(pictures.resolve("0.txt"), "even");
    Files.writeString(pictures.resolve("2.txt"), "odd");
    Files.writeString(pictures.resolve("text.png"), "no image");
    Files.createFile(pictures.resolve("empty.jpg"));
    byte[] whole = Files.readAllBytes(pictures.resolve("0.png"));
    Files.write(pictures.resolve("truncated.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(pictures.resolve("notes.md"), "not sent");
    Path archive = folder.resolve("more.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("a.png"));
      zip.write(whole);
      zip.putNextEntry(new ZipEntry("a.txt"));
      zip.write("even".getBytes(StandardCharsets.UTF_8));
    }

    Shell.Result result =
        shell.run("send", pictures.toString(), archive.toString(), folder + "/missing.png");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("sent 24, failed 1, skipped 1\n");
    assertThat(result.err()).contains("missing.png does not exist").hasLineCount(1);
    assertThat(shell.run("send", "http://127.0.0.1:1/x.png").status()).isZero();
  }

  @Test
  @Order(2)
  void shouldPrintWhatWasSent() throws IOException {
    Shell.Result result =
        shell.run(
            "tail", "images", "--json", "--from-beginning", "--max", "25", "--timeout", "120");
    assertThat(result.status()).as(result.err()).isZero();
    Map<String, JsonNode> byKey =
        values(result).stream().collect(Collectors.toMap(v -> v.get("id").asText(), v -> v));
    assertThat(byKey)
        .hasSize(25)
        .containsKeys("pictures/below/1.jpg", "more.zip/a.png", "http://127.0.0.1:1/x.png");
    assertThat(byKey.get("pictures/0.png").get("webText").asText()).isEqualTo("even");
    assertThat(byKey.get("more.zip/a.png").get("webText").asText()).isEqualTo("even");
    assertThat(byKey.get("pictures/below/1.jpg").get("webText").isNull()).isTrue();
    assertThat(byKey.get("pictures/empty.jpg").get("content").get("bytes").asInt()).isZero();
  }

  @Test
  @Order(3)
  void shouldNameAMissingTopicAndCreateNone() {
    for (String command : List.of("run", "tail nope", "send pom.xml")) {
      List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
      arguments.addAll(
          command.startsWith("send")
              ? List.of("--topic-images", "nope")
              : List.of("--topic-rejects", "nope"));
      Shell.Result result = shell.run(arguments);
      assertThat(result.status()).as(result.err()).isEqualTo(3);
      assertThat(result.err()).contains("lacks the topic nope").hasLineCount(1);
    }
  }

  @Test
  @Order(3)
  void shouldNameEveryMissingTopic() {
    Shell.Result result = shell.run("run", "--topic-rejects", "nope", "--topic-captions", "nor");
    assertThat(result.status()).as(result.err()).isEqualTo(3);
    assertThat(result.err()).contains("lacks the topics nor, nope").hasLineCount(1);
  }

  @Test
  @Order(3)
  void shouldNotStartWithoutItsRegistryOrWithSchemasThatAreNotOurs() throws Exception {
    Shell.Result away = shell.run("run", "--schema-registry-url", "http://127.0.0.1:1");
    assertThat(away.status()).as(away.err()).isEqualTo(3);
    assertThat(away.err()).contains("schema registry http://127.0.0.1:1").hasLineCount(1);

    RecordSchemas.forTopics("a", "b", "c", "taken")
        .register(RegistrySettings.at(shell.environment().get("BLIPSTREAM_SCHEMA_REGISTRY_URL")));
    try (Admin admin =
        Admin.create(
            Map.of("bootstrap.servers", shell.environment().get("BLIPSTREAM_BOOTSTRAP_SERVERS")))) {
      Topics.createMissing(admin, List.of(new TopicSpec("taken", 1, TopicSpec.TEXT_BYTES)));
    }
    Shell.Result taken = shell.run("run", "--topic-captions", "taken");
    assertThat(taken.status()).as(taken.err()).isEqualTo(1);
    assertThat(taken.err()).contains("taken-value").contains("not compatible").hasLineCount(1);
  }

  @Test
  @Order(4)
  void shouldAnswerEveryImageOnce() throws Exception {
    Thread service =
        start(
            new PrintWriter(new StringWriter()),
            with("run", "--state-dir", folder + "/streams", "--batch-size", "4"));
    try {
      List<JsonNode> confidences =
          values(
              shell.run(
                  "tail",
                  "itm-confidence",
                  "--json",
                  "--from-beginning",
                  "--max",
                  "21",
                  "--timeout",
                  "120"));
      assertThat(confidences)
          .map(value -> value.get("imageId").asText())
          .doesNotHaveDuplicates()
          .hasSize(GOOD + 1);
      List<JsonNode> rejects =
          values(
              shell.run(
                  "tail",
                  "rejects",
                  "--json",
                  "--from-beginning",
                  "--max",
                  "5",
                  "--timeout",
                  "120"));
      assertThat(rejects)
          .map(value -> value.get("imageId").asText() + " " + value.get("reason").asText())
          .containsExactlyInAnyOrder(
              "pictures/text.png NOT_AN_IMAGE",
              "pictures/empty.jpg EMPTY",
              "pictures/truncated.png TRUNCATED_OR_CORRUPT",
              "pictures/2.png TEXT_NOT_MATCHED",
              "http://127.0.0.1:1/x.png FETCH_FORBIDDEN");
      Shell.Result captions =
          shell.run("tail", "captions", "--from-beginning", "--max", "23", "--timeout", "120");
      assertThat(captions.status()).as(captions.err()).isZero();
      assertThat(captions.out())
          .contains("more.zip/a.png  web 0.900  \"even\"")
          .contains("more.zip/a.png  synthetic 0.900  \"a picture\"");
      assertThat(
              shell
                  .run("tail", "captions", "--from-beginning", "--max", "24", "--timeout", "2")
                  .status())
          .isEqualTo(1);
    } finally {
      service.interrupt();
      service.join();
    }
  }

  @Test
  @Order(5)
  void shouldSendRejectsBackOnceAndCountHowOften() throws Exception {
    JsonNode first = replay("--max-attempts", "1");
    assertThat(first.get("replayed").asInt()).isEqualTo(1);
    assertThat(replay("--max-attempts", "1").get("replayed").asInt()).isZero();
    Thread service =
        start(
            new PrintWriter(new StringWriter()),
            with("run", "--state-dir", folder + "/streams", "--batch-size", "4"));
    try {
      assertThat(
              shell
                  .run("tail", "rejects", "--from-beginning", "--max", "6", "--timeout", "120")
                  .status())
          .isZero();
    } finally {
      service.interrupt();
      service.join();
    }
    // The count has gone through the service, as all headers do.
    JsonNode second = replay("--max-attempts", "1");
    assertThat(second.get("replayed").asInt()).isZero();
    assertThat(second.get("overMaxAttempts").asInt()).isEqualTo(1);
    assertThat(replay("--max-attempts", "2").get("replayed").asInt()).isEqualTo(1);
  }

  private JsonNode replay(String... more) throws IOException {
    Shell.Result result =
        shell.run(List.of("replay", "--reason", "FETCH_FORBIDDEN", "--json"), more);
    assertThat(result.status()).as(result.err()).isZero();
    return JSON.readTree(result.out());
  }

  private String[] with(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-servers=" + shell.environment().get("BLIPSTREAM_BOOTSTRAP_SERVERS"));
    all.add("--schema-registry-url=" + shell.environment().get("BLIPSTREAM_SCHEMA_REGISTRY_URL"));
    return all.toArray(String[]::new);
  }

  private static Thread start(PrintWriter out, String... arguments) {
    Thread thread =
        new Thread(
            () ->
                Main.run(
                    Map.of(),
                    (folders, settings) -> new FakeCapFilt(2),
                    out,
                    new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                    arguments),
            arguments[0]);
    thread.start();
    return thread;
  }

  private static List<JsonNode> values(Shell.Result result) throws IOException {
    assertThat(result.status()).as(result.err() + result.out()).isZero();
    List<JsonNode> values = new ArrayList<>();
    for (String line : result.lines()) {
      values.add(JSON.readTree(line).get("value"));
    }
    return values;
  }

  private static String lastWord(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }
}
