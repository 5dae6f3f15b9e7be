package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.TestCluster;
import io.blipstream.app.cli.demo.SceneEvents;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled model gives an image the same texts and scores through Kafka and without it. */
@Tag("slow")
@Timeout(300)
class SameAnswersTest {

  private static final int IMAGES = 12;
  private static final String WEB_TEXT = "a red circle";

  /** Batches are cut differently, and sums of floats with them. */
  private static final double TOLERANCE = 1e-5;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();
  private static List<String> files;

  @BeforeAll
  static void drawPictures() throws IOException {
    SceneEvents scenes = new SceneEvents(7);
    files = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      Path file = folder.resolve(i + ".png");
      files.add(Files.write(file, scenes.event(i).getContent().array()).toString());
    }
  }

  /** A text of one image, with what was found about it. */
  private record Answer(String text, double itm, double itc) {}

  @ParameterizedTest
  @CsvSource({"greedy,''", "beams,--beams 3 --candidates 2", "samples,--top-p 0.9 --candidates 3"})
  void shouldAnswerAlikeWithAndWithoutKafka(String name, String flags) throws Exception {
    cluster.createTopics(name, 2, "images", "captions", "confidences", "rejects");
    List<String> model = new ArrayList<>(List.of("--model-threads", "1"));
    Stream.of(flags.split(" ", -1)).filter(flag -> !flag.isEmpty()).forEach(model::add);

    Map<String, List<Answer>> direct = direct(model);
    Map<String, List<Answer>> streamed = streamed(name, model);

    assertThat(streamed).containsOnlyKeys(direct.keySet()).hasSize(IMAGES);
    direct.forEach(
        (image, answers) -> {
          assertThat(streamed.get(image))
              .as(image)
              .extracting(Answer::text)
              .containsExactlyElementsOf(answers.stream().map(Answer::text).toList());
          for (int i = 0; i < answers.size(); i++) {
            Answer other = streamed.get(image).get(i);
            assertThat(other.itm()).isCloseTo(answers.get(i).itm(), within(TOLERANCE));
            assertThat(other.itc()).isCloseTo(answers.get(i).itc(), within(TOLERANCE));
          }
        });
    if (name.equals("samples")) {
      assertThat(direct.values()).as("samples differ").anyMatch(answers -> answers.size() > 2);
    }
  }

  private static Map<String, List<Answer>> direct(List<String> model) throws IOException {
    List<String> command = new ArrayList<>(List.of("caption", "--json", "--text", WEB_TEXT));
    command.addAll(model);
    command.addAll(files);
    Map<String, List<Answer>> answers = new TreeMap<>();
    for (String line : run(command).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      JsonNode image = JSON.readTree(line);
      List<Answer> ofImage = new ArrayList<>();
      image.get("texts").forEach(text -> ofImage.add(answer(text, "text", "itm", "itc")));
      image.get("candidates").forEach(text -> ofImage.add(answer(text, "caption", "itm", "itc")));
      answers.put(Path.of(image.get("file").asText()).getFileName().toString(), ofImage);
    }
    return answers;
  }

  private static Map<String, List<Answer>> streamed(String name, List<String> model)
      throws IOException, InterruptedException {
    List<String> service = new ArrayList<>(List.of("run", "--state-dir", folder + "/" + name));
    service.addAll(List.of("--application-id", name, "--batch-size", "5"));
    service.addAll(connection(name));
    service.addAll(model);
    Thread running = new Thread(() -> main(new StringWriter(), service), "run");
    running.start();
    try {
      List<String> send = new ArrayList<>(List.of("send", "--topic-images", name + "-images"));
      send.addAll(List.of("--web-text", WEB_TEXT));
      send.addAll(cluster());
      send.addAll(files);
      run(send);
      List<String> tail = new ArrayList<>(List.of("tail", name + "-confidences", "--json"));
      tail.addAll(List.of("--from-beginning", "--max", "" + IMAGES, "--timeout", "180"));
      tail.addAll(connection(name));
      Map<String, List<Answer>> answers = new TreeMap<>();
      for (String line : run(tail).split("\n", -1)) {
        if (!line.isEmpty()) {
          JsonNode value = JSON.readTree(line).get("value");
          List<Answer> ofImage = new ArrayList<>();
          value
              .get("texts")
              .forEach(
                  text -> ofImage.add(answer(text, "text", "itmProbability", "itcSimilarity")));
          answers.put(value.get("imageId").asText(), ofImage);
        }
      }
      return answers;
    } finally {
      running.interrupt();
      running.join();
    }
  }

  private static Answer answer(JsonNode node, String text, String itm, String itc) {
    return new Answer(node.get(text).asText(), node.get(itm).asDouble(), node.get(itc).asDouble());
  }

  private static List<String> cluster() {
    return List.of(
        "--bootstrap-servers=" + cluster.bootstrapServers(),
        "--schema-registry-url=" + cluster.registryUrl());
  }

  private static List<String> connection(String name) {
    List<String> flags = new ArrayList<>(cluster());
    flags.addAll(List.of("--topic-images", name + "-images", "--topic-captions"));
    flags.addAll(List.of(name + "-captions", "--topic-itm-confidence", name + "-confidences"));
    flags.addAll(List.of("--topic-rejects", name + "-rejects"));
    return flags;
  }

  private static String run(List<String> command) {
    StringWriter out = new StringWriter();
    assertThat(main(out, command)).as(command.get(0)).isZero();
    return out.toString();
  }

  private static int main(Writer out, List<String> command) {
    return Main.run(
        Map.of(),
        new PrintWriter(out),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        command.toArray(String[]::new));
  }
}
