package io.blipstream.model.verify;

import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FloatRows;
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
                filter.match(images, tokens).values(), reference.floats(LOGITS, texts.size(), 2)));
    checks.check(
        PROBABILITY,
        () ->
            Finding.floats(
                probabilities(filter.match(images, tokens)),
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
                similarities(filter.imageEmbeddings(images), filter.textEmbeddings(tokens)),
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
          Finding.floats(filter.match(images, tokens.withFirst(encode)).values(), expected);
      if (finding.difference().orElse(Double.MAX_VALUE)
          <= best.difference().orElse(Double.MAX_VALUE)) {
        best = finding.remark("[ENC] is token " + encode);
      }
    }
    return best;
  }

  private static float[] probabilities(FloatRows logits) {
    float[] probabilities = new float[logits.rows()];
    for (int row = 0; row < probabilities.length; row++) {
      probabilities[row] = FilterModel.matchProbability(logits, row);
    }
    return probabilities;
  }

  /** Of every image with every text. */
  private static float[] similarities(FloatRows images, FloatRows texts) {
    float[] cosines = new float[images.rows() * texts.rows()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = images.dot(i / texts.rows(), texts, i % texts.rows());
    }
    return cosines;
  }
}
