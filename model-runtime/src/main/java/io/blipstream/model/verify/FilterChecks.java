package io.blipstream.model.verify;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FilterScores;
import io.blipstream.model.text.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A filter's outputs for images [B] and as many texts of uneven lengths. */
final class FilterChecks {

  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String LOGITS = "itm_logits";
  private static final String LOGITS_ENC = "itm_logits_enc_first_token";
  private static final String PROBABILITY = "itm_probability";
  private static final String SIMILARITY = "itc_similarity";
  private static final Set<String> TENSORS =
      Set.of(
          ReferenceTensors.PIXELS,
          ReferenceTensors.IMAGE_TOKENS,
          IDS,
          MASK,
          LOGITS,
          LOGITS_ENC,
          PROBABILITY,
          SIMILARITY);

  private final Path folder;
  private final BlipEngine engine;
  private final PartChecks checks;

  FilterChecks(Path folder, BlipEngine engine, PartChecks checks) {
    this.folder = folder;
    this.engine = engine;
    this.checks = checks;
  }

  void run() throws IOException {
    try (ReferenceTensors reference = ReferenceTensors.open(folder);
        Checkpoint checkpoint = reference.checkpoint(folder)) {
      reference.failUnknown(TENSORS, checks);
      FilterModel filter = engine.filter(checkpoint);
      try (EncodedImages images = engine.vision(checkpoint).encode(reference.pixels())) {
        run(reference, checkpoint.config().text(), filter, images);
      }
    }
  }

  private void run(
      ReferenceTensors reference, TextConfig config, FilterModel filter, EncodedImages images)
      throws IOException {
    reference.checkImageTokens(images, checks);
    List<long[]> texts = reference.texts(IDS, MASK);
    TokenBatch tokens = TokenBatch.of(texts, config.padTokenId());
    checks.check(
        LOGITS,
        () ->
            Finding.floats(
                filter.score(images, tokens, tokens).matchLogits().values(),
                reference.floats(LOGITS, texts.size(), 2)));
    checks.check(
        PROBABILITY,
        () ->
            Finding.floats(
                probabilities(filter.score(images, tokens, tokens)),
                reference.floats(PROBABILITY, texts.size())));
    checks.check(
        LOGITS_ENC,
        () ->
            withEncodeToken(
                config, filter, images, texts, reference.floats(LOGITS_ENC, texts.size(), 2)));
    checks.check(
        SIMILARITY,
        () ->
            Finding.floats(
                similarities(filter.score(images, tokens, tokens)),
                reference.floats(SIMILARITY, images.count(), texts.size())));
  }

  /**
   * [ENC] is stated nowhere: the original adds it to the vocabulary last, right after [DEC]. Where
   * these two are different tokens, either may be meant.
   */
  private static Finding withEncodeToken(
      TextConfig config,
      FilterModel filter,
      EncodedImages images,
      List<long[]> texts,
      float[] expected) {
    Set<Integer> candidates = new TreeSet<>();
    candidates.add(config.vocabularySize() - 1);
    if (config.encTokenId() < config.vocabularySize()) {
      candidates.add(config.encTokenId());
    }
    Finding best = Finding.failed("no [ENC] token fits");
    TokenBatch tokens = TokenBatch.of(texts, config.padTokenId());
    for (int encode : candidates) {
      Finding finding =
          Finding.floats(
              filter.score(images, tokens.withFirst(encode), tokens).matchLogits().values(),
              expected);
      if (finding.difference().orElse(Double.MAX_VALUE)
          <= best.difference().orElse(Double.MAX_VALUE)) {
        best = finding.remark("[ENC] is token " + encode);
      }
    }
    return best;
  }

  private static float[] probabilities(FilterScores scores) {
    float[] probabilities = new float[scores.matchLogits().rows()];
    for (int text = 0; text < probabilities.length; text++) {
      probabilities[text] = scores.matchProbability(text);
    }
    return probabilities;
  }

  /** Of every image with every text. */
  private static float[] similarities(FilterScores scores) {
    int texts = scores.texts().rows();
    float[] cosines = new float[scores.images().rows() * texts];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = scores.similarity(i / texts, i % texts);
    }
    return cosines;
  }
}
