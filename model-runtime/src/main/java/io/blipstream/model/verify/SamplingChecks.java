package io.blipstream.model.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.Strategy.Sampling;
import io.blipstream.model.generate.TokenDistribution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The tokens that sampling may draw after given texts, and their probabilities. */
final class SamplingChecks {

  /** References state probabilities with 7 decimals. */
  private static final double ROUNDING = 0.5e-7;

  private final CaptionModel captioner;
  private final TextConfig config;
  private final EncodedImages images;
  private final List<long[]> texts;
  private final PartChecks checks;

  /**
   * @param texts one an image, of one length
   */
  SamplingChecks(
      CaptionModel captioner,
      TextConfig config,
      EncodedImages images,
      List<long[]> texts,
      PartChecks checks) {
    this.captioner = captioner;
    this.config = config;
    this.images = images;
    this.texts = texts;
    this.checks = checks;
  }

  void run(String name, JsonNode node) {
    checks.require(
        name,
        () -> {
          ReferenceFields fields = ReferenceFields.of(name, node);
          ReferenceFields settings = fields.object("settings");
          DecodingSettings decoding = settings(settings);
          settings.requireNoOthers();
          List<long[]> kept = fields.idRows("kept");
          List<double[]> probabilities = fields.rows("probabilities");
          fields.requireNoOthers();
          String what = "%s: %s".formatted(name, decoding.description());
          checks.check(what + ", tokens", () -> compareTokens(distributions(decoding), kept));
          checks.check(
              what + ", probabilities",
              () -> compareProbabilities(distributions(decoding), probabilities));
        });
  }

  private DecodingSettings settings(ReferenceFields fields) throws IOException {
    int minLength = fields.integer("min_len");
    return new DecodingSettings(
        new Sampling(fields.number("temp"), fields.integer("top_k"), fields.number("top_p")),
        // One step is taken, whatever the maximum is.
        Math.max(minLength, texts.get(0).length + 1),
        minLength,
        fields.number("rep"));
  }

  /** After each text. */
  private List<TokenDistribution> distributions(DecodingSettings decoding) {
    FloatRows logits = nextLogits();
    List<TokenDistribution> distributions = new ArrayList<>();
    for (int row = 0; row < texts.size(); row++) {
      distributions.add(
          TokenDistribution.after(logits, row, config.sepTokenId(), decoding, texts.get(row)));
    }
    return distributions;
  }

  private FloatRows nextLogits() {
    int[] everyRow = IntStream.range(0, texts.size()).toArray();
    try (Decoding decoding = captioner.start(images, texts.get(0)[0])) {
      FloatRows logits = decoding.logits();
      for (int at = 1; at < texts.get(0).length; at++) {
        int position = at;
        logits =
            decoding.next(everyRow, texts.stream().mapToLong(text -> text[position]).toArray());
      }
      return logits;
    }
  }

  private static Finding compareTokens(List<TokenDistribution> actual, List<long[]> expected) {
    if (actual.size() != expected.size()) {
      return wrongCount(actual.size(), expected.size());
    }
    for (int row = 0; row < actual.size(); row++) {
      long[] tokens = Arrays.stream(actual.get(row).tokens()).asLongStream().toArray();
      if (!Arrays.equals(tokens, expected.get(row))) {
        return Finding.failed(
            "after text %d, %d tokens can be drawn where the reference has %d, or others"
                .formatted(row, tokens.length, expected.get(row).length));
      }
    }
    return Finding.equal();
  }

  private static Finding compareProbabilities(
      List<TokenDistribution> actual, List<double[]> expected) {
    if (actual.size() != expected.size()) {
      return wrongCount(actual.size(), expected.size());
    }
    FloatsInOrder computed = new FloatsInOrder();
    FloatsInOrder stated = new FloatsInOrder();
    for (int row = 0; row < actual.size(); row++) {
      if (actual.get(row).tokens().length != expected.get(row).length) {
        return Finding.failed(
            "after text %d, %d tokens can be drawn where the reference has %d probabilities"
                .formatted(row, actual.get(row).tokens().length, expected.get(row).length));
      }
      computed.add(floats(actual.get(row).probabilities()));
      stated.add(floats(expected.get(row)));
    }
    return Finding.floats(computed.toArray(), stated.toArray(), ROUNDING);
  }

  private static Finding wrongCount(int texts, int rows) {
    return Finding.failed("there are %d texts, but %d rows".formatted(texts, rows));
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
