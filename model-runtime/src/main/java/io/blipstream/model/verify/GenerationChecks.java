package io.blipstream.model.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.generate.CaptionGenerator;
import io.blipstream.model.generate.DecodingSettings;
import io.blipstream.model.generate.GeneratedText;
import io.blipstream.model.generate.Strategy;
import io.blipstream.model.generate.Strategy.Beam;
import io.blipstream.model.generate.Strategy.EarlyStopping;
import io.blipstream.model.generate.Strategy.Greedy;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The token ids that transformers' {@code generate} wrote, greedily or with beams. */
final class GenerationChecks {

  private final CaptionModel captioner;
  private final TextConfig config;
  private final EncodedImages images;
  private final PartChecks checks;

  GenerationChecks(
      CaptionModel captioner, TextConfig config, EncodedImages images, PartChecks checks) {
    this.captioner = captioner;
    this.config = config;
    this.images = images;
    this.checks = checks;
  }

  void run(String name, JsonNode node) {
    checks.require(
        name,
        () -> {
          ReferenceFields fields = ReferenceFields.of(name, node);
          long[] start = start(name, fields.value("prompt"));
          ReferenceFields settings = fields.object("settings");
          DecodingSettings decoding = settings(settings);
          int candidates = settings.integer("num_return_sequences", 1);
          settings.requireNoOthers();
          List<long[]> expected = fields.idRows("ids");
          fields.requireNoOthers();
          checks.check(
              describe(name, decoding, candidates, start.length),
              () -> compare(decoding, candidates, start, expected));
        });
  }

  private static String describe(
      String name, DecodingSettings decoding, int candidates, int startTokens) {
    return "%s: %s%s%s"
        .formatted(
            name,
            decoding.description(),
            candidates == 1 ? "" : ", best " + candidates,
            startTokens == 1 ? "" : ", prompt of " + (startTokens - 1));
  }

  /** The start token takes the place of the prompt's first token; its last, [SEP], goes. */
  private long[] start(String name, JsonNode prompt) throws ReferenceException {
    if (prompt.isNull()) {
      return new long[] {config.bosTokenId()};
    }
    long[] framed = ReferenceFields.ids(name + ".prompt", prompt);
    if (framed.length < 2) {
      throw new ReferenceException(name + ".prompt must begin with [CLS] and end with [SEP]");
    }
    long[] start = Arrays.copyOf(framed, framed.length - 1);
    start[0] = config.bosTokenId();
    return start;
  }

  private static DecodingSettings settings(ReferenceFields fields) throws IOException {
    int beams = fields.integer("num_beams");
    // Without beams these two have no effect, but they may be stated.
    double lengthPenalty = fields.number("length_penalty", 1);
    EarlyStopping earlyStopping = earlyStopping(fields);
    Strategy strategy = beams == 1 ? new Greedy() : new Beam(beams, lengthPenalty, earlyStopping);
    return new DecodingSettings(
        strategy,
        fields.integer("max_length"),
        fields.integer("min_length", 0),
        fields.number("repetition_penalty", 1));
  }

  private static EarlyStopping earlyStopping(ReferenceFields fields) throws ReferenceException {
    if (!fields.has("early_stopping")) {
      return EarlyStopping.FALSE;
    }
    String value = fields.value("early_stopping").asText();
    for (EarlyStopping known : EarlyStopping.values()) {
      if (known.spelling().equals(value)) {
        return known;
      }
    }
    throw new ReferenceException("early_stopping must be true, false or \"never\", not " + value);
  }

  private Finding compare(
      DecodingSettings decoding, int candidates, long[] start, List<long[]> expected)
      throws ReferenceException {
    List<List<GeneratedText>> written =
        new CaptionGenerator(captioner, config, decoding)
            .generate(images, Collections.nCopies(images.count(), ""), candidates, start);
    List<long[]> rows = written.stream().flatMap(List::stream).map(GeneratedText::tokens).toList();
    if (rows.size() != expected.size()) {
      return Finding.failed(
          "%d texts are written where the reference has %d"
              .formatted(rows.size(), expected.size()));
    }
    for (int row = 0; row < rows.size(); row++) {
      long[] unpadded = upToEnd(row, start.length, expected.get(row));
      if (!Arrays.equals(rows.get(row), unpadded)) {
        return Finding.failed(
            "text %d is written as %s where the reference has %s"
                .formatted(row, Arrays.toString(rows.get(row)), Arrays.toString(unpadded)));
      }
    }
    return Finding.equal();
  }

  /** Without what fills a row that ended before others: the padding token, or the end token. */
  private long[] upToEnd(int row, int begin, long... ids) throws ReferenceException {
    int end = begin;
    while (end < ids.length && ids[end] != config.sepTokenId()) {
      end++;
    }
    for (int i = end + 1; i < ids.length; i++) {
      if (ids[i] != config.padTokenId() && ids[i] != config.sepTokenId()) {
        throw new ReferenceException(
            "text %d of the reference goes on after its end token: %s"
                .formatted(row, Arrays.toString(ids)));
      }
    }
    return Arrays.copyOf(ids, Math.min(end + 1, ids.length));
  }
}
