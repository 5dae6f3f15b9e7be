package io.blipstream.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.InferenceException;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.Strategy.Sampling;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class TokenDistributionTest {

  /**
   * 76 random settings; in some of them many logits are equal (but not where top-p cuts: which of
   * equal tokens go there is left open by the reference's sort).
   */
  @Test
  void shouldKeepTheTokensThatTransformersKeeps() throws IOException {
    JsonNode reference;
    try (InputStream in =
        TokenDistributionTest.class.getResourceAsStream(
            "/generate/transformers-5.18-sampling.json")) {
      reference = new JsonMapper().readTree(in);
    }
    int vocabulary = reference.path("vocabulary").asInt();
    int end = reference.path("end").asInt();
    assertThat(reference.path("cases").size()).isEqualTo(76);
    for (JsonNode node : reference.path("cases")) {
      long[] text =
          StreamSupport.stream(node.path("text").spliterator(), false)
              .mapToLong(JsonNode::asLong)
              .toArray();
      ScriptedModel model = new ScriptedModel(vocabulary, end, node.path("seed").asLong(), 0);
      int grid = node.path("grid").asInt();
      float[] logits = new float[vocabulary];
      for (int token = 0; token < vocabulary; token++) {
        float logit = model.logit(0, vocabulary, text[text.length - 1], token);
        logits[token] = grid == 0 ? logit : (float) Math.floor(logit * grid) / grid;
      }
      TokenDistribution distribution =
          TokenDistribution.after(
              new FloatRows(logits, vocabulary),
              0,
              end,
              TransformersSettings.readSampling(node.path("settings")),
              text);
      assertThat(distribution.tokens())
          .as(node.toString())
          .containsExactly(
              StreamSupport.stream(node.path("kept").spliterator(), false)
                  .mapToInt(JsonNode::asInt)
                  .toArray());
      for (int i = 0; i < distribution.tokens().length; i++) {
        assertThat(distribution.probabilities()[i])
            .isCloseTo(node.path("probabilities").get(i).asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void shouldKeepOfAFullVocabularyWhatSortingItWouldKeep() {
    int vocabulary = 30524;
    SplittableRandom random = new SplittableRandom(3);
    float[] logits = new float[vocabulary];
    for (int token = 0; token < vocabulary; token++) {
      logits[token] = (float) (3 * random.nextGaussian());
    }
    Integer[] order = IntStream.range(0, vocabulary).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble((Integer token) -> -logits[token]));
    for (int k : new int[] {1, 50, 1000, 30523}) {
      assertThat(of(logits, new Sampling(1, k, 1)).tokens())
          .containsExactly(Arrays.stream(order).limit(k).mapToInt(i -> i).sorted().toArray());
    }
    double total = IntStream.range(0, vocabulary).mapToDouble(i -> Math.exp(logits[i])).sum();
    int nucleus = 0;
    for (double above = 0; above < 0.9; nucleus++) {
      above += Math.exp(logits[order[nucleus]]) / total;
    }
    assertThat(of(logits, new Sampling(1, 0, 0.9)).tokens())
        .hasSizeGreaterThan(1000)
        .containsExactly(Arrays.stream(order).limit(nucleus).mapToInt(i -> i).sorted().toArray());
  }

  @Test
  void shouldGiveEachTokenItsShareInTheOrderOfIds() {
    float[] logits = {(float) Math.log(2), Float.NEGATIVE_INFINITY, 0, (float) Math.log(1)};
    TokenDistribution distribution = of(logits, new Sampling(1, 0, 1));
    assertThat(distribution.tokens()).containsExactly(0, 2, 3);
    assertThat(distribution.at(0)).isZero();
    assertThat(distribution.at(0.499)).isZero();
    assertThat(distribution.at(0.501)).isEqualTo(2);
    assertThat(distribution.at(0.749)).isEqualTo(2);
    assertThat(distribution.at(Math.nextDown(1.0))).isEqualTo(3);
  }

  @Test
  void shouldReportLogitsThatAreNoNumbers() {
    for (float damage : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (int k : new int[] {0, 2}) {
        assertThatThrownBy(() -> of(new float[] {0, damage, 1, 2}, new Sampling(1, k, 0.9)))
            .isInstanceOf(InferenceException.class)
            .hasMessageContaining("not a number");
      }
    }
  }

  private static TokenDistribution of(float[] logits, Sampling sampling) {
    return TokenDistribution.of(new FloatRows(logits.clone(), logits.length), 0, sampling);
  }
}
