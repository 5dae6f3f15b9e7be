package io.blipstream.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.generate.Strategy.Beam;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Greedy decoding and beam search against transformers' own {@code generate} on a {@link
 * ScriptedModel}, in 240 settings drawn at random.
 */
class TransformersGenerationTest {

  private static JsonNode reference;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        TransformersGenerationTest.class.getResourceAsStream("/generate/transformers-5.18.json")) {
      reference = new JsonMapper().readTree(in);
    }
    assertThat(reference.path("cases").size()).isEqualTo(240);
  }

  @Test
  void shouldWriteTheReferencesTextsInAnySettings() {
    for (JsonNode node : reference.path("cases")) {
      List<List<GeneratedText>> texts = generate(node, UnaryOperator.identity());
      assertThat(ids(texts)).as(node.toString()).isEqualTo(expected(node));
    }
  }

  @Test
  void shouldScoreBeamsAsTheReference() {
    for (JsonNode node : reference.path("cases")) {
      List<GeneratedText> texts =
          generate(node, UnaryOperator.identity()).stream().flatMap(List::stream).toList();
      for (int i = 0; node.has("scores") && i < texts.size(); i++) {
        assertThat(texts.get(i).score().orElseThrow())
            .as(node.toString())
            .isCloseTo(node.path("scores").get(i).asDouble(), within(1e-4));
      }
    }
  }

  /** The control: each setting decides some case, so none of them is there for show. */
  @Test
  void shouldNotPassWithoutAnyOneSetting() {
    assertThat(differing(s -> with(s, s.strategy(), s.minLength(), 1))).isGreaterThan(10);
    assertThat(differing(s -> with(s, s.strategy(), 0, s.repetitionPenalty()))).isGreaterThan(10);
    assertThat(
            differing(
                s ->
                    s.strategy() instanceof Beam b
                        ? with(
                            s,
                            new Beam(b.beams(), 1, b.earlyStopping()),
                            s.minLength(),
                            s.repetitionPenalty())
                        : s))
        .isGreaterThan(10);
    for (Strategy.EarlyStopping other : Strategy.EarlyStopping.values()) {
      assertThat(
              differing(
                  s ->
                      s.strategy() instanceof Beam b
                          ? with(
                              s,
                              new Beam(b.beams(), b.lengthPenalty(), other),
                              s.minLength(),
                              s.repetitionPenalty())
                          : s))
          .as("everything with early_stopping " + other)
          .isGreaterThan(3);
    }
  }

  private static DecodingSettings with(
      DecodingSettings settings, Strategy strategy, int minLength, double repetitionPenalty) {
    return new DecodingSettings(strategy, settings.maxLength(), minLength, repetitionPenalty);
  }

  private static long differing(UnaryOperator<DecodingSettings> change) {
    return StreamSupport.stream(reference.path("cases").spliterator(), false)
        .filter(node -> !ids(generate(node, change)).equals(expected(node)))
        .count();
  }

  private static List<List<GeneratedText>> generate(
      JsonNode node, UnaryOperator<DecodingSettings> change) {
    int vocabulary = reference.path("vocabulary").asInt();
    int end = reference.path("end").asInt();
    CaptionGenerator generator =
        new CaptionGenerator(
            new ScriptedModel(
                vocabulary,
                end,
                node.path("seed").asLong(),
                (float) node.path("end_bias").asDouble()),
            new TextConfig(vocabulary, 4, 1, 1, 4, 64, 1e-5f, vocabulary - 2, end, 0),
            change.apply(TransformersSettings.read(node.path("settings"))));
    int images = node.path("images").asInt();
    return generator.generate(
        new ScriptedModel.Images(IntStream.range(0, images).boxed().toList()),
        Collections.nCopies(images, "any"),
        node.path("settings").path("num_return_sequences").asInt(1),
        longs(node.path("prompt")).stream().mapToLong(Long::longValue).toArray());
  }

  private static List<List<Long>> ids(List<List<GeneratedText>> texts) {
    List<List<Long>> ids = new ArrayList<>();
    for (List<GeneratedText> ofImage : texts) {
      for (GeneratedText text : ofImage) {
        ids.add(IntStream.range(0, text.tokens().length).mapToObj(i -> text.tokens()[i]).toList());
      }
    }
    return ids;
  }

  private static List<List<Long>> expected(JsonNode node) {
    List<List<Long>> ids = new ArrayList<>();
    node.path("ids").forEach(text -> ids.add(longs(text)));
    return ids;
  }

  private static List<Long> longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asLong).toList();
  }
}
