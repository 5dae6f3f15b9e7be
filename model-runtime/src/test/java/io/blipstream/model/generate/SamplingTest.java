package io.blipstream.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.Strategy.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What samples depend on, and that they follow the probabilities. */
class SamplingTest {

  private static final int VOCABULARY = 24;
  private static final int END = 3;
  private static final long START = 22;
  private static final Sampling NUCLEUS = new Sampling(1, 10, 0.9);

  @Test
  void shouldWriteTheSameTextsForAnIdWhateverItsBatchAndPlace() {
    List<String> ids = IntStream.range(0, 40).mapToObj(i -> "image-" + i).toList();
    List<Integer> numbers = IntStream.range(0, 40).map(i -> i % 7).boxed().toList();
    Map<String, List<List<Long>>> together = texts(ids, numbers);
    List<String> reversedIds = new ArrayList<>(ids);
    List<Integer> reversedNumbers = new ArrayList<>(numbers);
    Collections.reverse(reversedIds);
    Collections.reverse(reversedNumbers);
    assertThat(texts(reversedIds, reversedNumbers)).isEqualTo(together);
    for (int i = 0; i < ids.size(); i++) {
      assertThat(texts(ids.subList(i, i + 1), numbers.subList(i, i + 1)).get(ids.get(i)))
          .isEqualTo(together.get(ids.get(i)));
    }
  }

  /** The control for the test above: it is the id that decides, and the candidate's number. */
  @Test
  void shouldWriteOtherTextsForOtherIdsAndCandidates() {
    List<String> ids = IntStream.range(0, 40).mapToObj(i -> "image-" + i).toList();
    Map<String, List<List<Long>>> texts = texts(ids, Collections.nCopies(40, 1));
    assertThat(texts.values().stream().distinct().count()).isEqualTo(40);
    assertThat(texts.values())
        .allSatisfy(ofImage -> assertThat(ofImage.stream().distinct().count()).isGreaterThan(1));
  }

  @Test
  void shouldKeepACandidateWhateverTheirNumber() {
    List<List<Long>> five = texts(List.of("a"), List.of(1)).get("a");
    CaptionGenerator generator = generator(new ScriptedModel(VOCABULARY, END, 9, 1), NUCLEUS, 14);
    List<GeneratedText> one =
        generator.generate(new ScriptedModel.Images(List.of(1)), List.of("a"), 1, START).get(0);
    assertThat(list(one.get(0))).isEqualTo(five.get(0));
  }

  @Test
  void shouldDropImagesAndTextsThatAreDone() {
    ScriptedModel model = new ScriptedModel(VOCABULARY, END, 9, 2);
    List<String> ids = IntStream.range(0, 10).mapToObj(i -> "image-" + i).toList();
    generator(model, NUCLEUS, 30)
        .generate(new ScriptedModel.Images(Collections.nCopies(10, 1)), ids, 3, START);
    List<Integer> rows = model.rowsOfSteps();
    assertThat(rows.get(0)).isEqualTo(10);
    assertThat(rows.get(1)).isLessThanOrEqualTo(30);
    assertThat(rows.get(rows.size() - 1)).isLessThan(10);
    assertThat(rows.subList(1, rows.size())).isSortedAccordingTo(Collections.reverseOrder());
  }

  @Test
  void shouldDrawTokensAsOftenAsTheirProbabilitiesSay() {
    for (Sampling sampling :
        List.of(new Sampling(1, 0, 1), new Sampling(0.7, 8, 1), new Sampling(1.5, 0, 0.8))) {
      assertThat(chiSquareExcess(sampling, sampling)).as(sampling.toString()).isLessThan(0);
      // The control: draws of another distribution are found out.
      Sampling other = new Sampling(sampling.temperature() * 1.2, sampling.topK(), sampling.topP());
      assertThat(chiSquareExcess(other, sampling)).as(other.toString()).isGreaterThan(0);
    }
  }

  /** How far draws are above what one experiment in a thousand reaches by chance. */
  private static double chiSquareExcess(Sampling drawn, Sampling expected) {
    int draws = 20_000;
    ScriptedModel model = new ScriptedModel(VOCABULARY, END, 9, 1);
    List<String> ids = IntStream.range(0, draws).mapToObj(i -> "photo/" + i + ".jpg").toList();
    Map<Long, Integer> counts = new HashMap<>();
    generator(model, drawn, 2)
        .generate(new ScriptedModel.Images(Collections.nCopies(draws, 4)), ids, 1, START)
        .forEach(texts -> counts.merge(texts.get(0).tokens()[1], 1, Integer::sum));
    float[] logits = new float[VOCABULARY];
    for (int token = 0; token < VOCABULARY; token++) {
      logits[token] = model.logit(4, VOCABULARY, START, token);
    }
    TokenDistribution distribution =
        TokenDistribution.of(new FloatRows(logits, VOCABULARY), 0, expected);
    double statistic = 0;
    int possible = distribution.tokens().length;
    int known = 0;
    for (int i = 0; i < possible; i++) {
      int count = counts.getOrDefault((long) distribution.tokens()[i], 0);
      known += count;
      double mean = distribution.probabilities()[i] * draws;
      statistic += (count - mean) * (count - mean) / mean;
    }
    if (known < draws) {
      return Double.POSITIVE_INFINITY; // tokens that cannot be drawn were
    }
    // Wilson and Hilferty's approximation of the quantile 0.999.
    double freedom = possible - 1;
    double spread = 2 / (9 * freedom);
    return statistic - freedom * Math.pow(1 - spread + 3.09 * Math.sqrt(spread), 3);
  }

  @Test
  void shouldNeverDrawAnEndTokenBelowTheMinimumLength() {
    ScriptedModel model = new ScriptedModel(VOCABULARY, END, 9, 6);
    DecodingSettings settings = new DecodingSettings(new Sampling(1, 0, 1), 12, 6, 1);
    List<String> ids = IntStream.range(0, 300).mapToObj(i -> "image-" + i).toList();
    List<List<GeneratedText>> texts =
        new CaptionGenerator(model, config(), settings)
            .generate(new ScriptedModel.Images(Collections.nCopies(300, 1)), ids, 1, START);
    // The end token stands after the minimum, as in transformers.
    assertThat(texts).allSatisfy(t -> assertThat(t.get(0).tokens()).hasSizeBetween(7, 12));
    assertThat(texts).anySatisfy(t -> assertThat(t.get(0).tokens()).hasSize(7));
  }

  /** Written down because replays rely on it: computed by another program from the description. */
  @Test
  void shouldNeverChangeTheNumbersOfAnId() {
    assertThat(numbers("image-1", 0, 3))
        .containsExactly(0.10495539564772727, 0.44180536378888247, 0.7636532806322492);
    assertThat(numbers("image-1", 1, 3))
        .containsExactly(0.26979952334228074, 0.968585820427755, 0.3567384698373396);
    assertThat(numbers("", 0, 2)).containsExactly(0.8056602646846055, 0.5096665383245245);
    assertThat(numbers("\u00e9\u732b", 7, 2))
        .containsExactly(0.37467186507662165, 0.49505099991835677);
  }

  private static List<Double> numbers(String id, int candidate, int count) {
    SampleStream stream = new SampleStream(id, candidate);
    return IntStream.range(0, count).mapToObj(i -> stream.next()).toList();
  }

  /** Five candidates of each image, by its id. */
  private static Map<String, List<List<Long>>> texts(List<String> ids, List<Integer> numbers) {
    List<List<GeneratedText>> texts =
        generator(new ScriptedModel(VOCABULARY, END, 9, 1), NUCLEUS, 14)
            .generate(new ScriptedModel.Images(numbers), ids, 5, START);
    Map<String, List<List<Long>>> byId = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      byId.put(ids.get(i), texts.get(i).stream().map(SamplingTest::list).toList());
    }
    return byId;
  }

  private static List<Long> list(GeneratedText text) {
    return Arrays.stream(text.tokens()).boxed().toList();
  }

  private static CaptionGenerator generator(ScriptedModel model, Sampling sampling, int maxLength) {
    return new CaptionGenerator(model, config(), new DecodingSettings(sampling, maxLength, 0, 1));
  }

  private static TextConfig config() {
    return new TextConfig(VOCABULARY, 4, 1, 1, 4, 64, 1e-5f, (int) START, END, 0);
  }
}
