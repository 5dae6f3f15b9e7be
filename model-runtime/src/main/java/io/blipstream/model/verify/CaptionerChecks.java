package io.blipstream.model.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.BlipEngine;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.engine.VisionModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A captioner's outputs for images [B]: tokens, logits of given texts, and what it writes. */
final class CaptionerChecks {

  static final String CASES = "reference.json";

  private static final String IDS = "decoder_input_ids";
  private static final String LOGITS = "decoder_logits";
  private static final Set<String> TENSORS =
      Set.of(ReferenceTensors.PIXELS, ReferenceTensors.IMAGE_TOKENS, IDS, LOGITS);

  private final Path folder;
  private final BlipEngine engine;
  private final PartChecks checks;

  CaptionerChecks(Path folder, BlipEngine engine, PartChecks checks) {
    this.folder = folder;
    this.engine = engine;
    this.checks = checks;
  }

  void run() throws IOException {
    try (ReferenceTensors reference = ReferenceTensors.open(folder);
        Checkpoint checkpoint = reference.checkpoint(folder)) {
      reference.failUnknown(TENSORS, checks);
      CaptionModel captioner = engine.captioner(checkpoint);
      VisionModel vision = engine.vision(checkpoint);
      try (EncodedImages images = vision.encode(reference.pixels())) {
        logits(reference, checkpoint.config().text(), vision, captioner, images);
        checks.require(
            CASES, () -> cases(reference, checkpoint.config().text(), captioner, images));
      }
    }
  }

  private void logits(
      ReferenceTensors reference,
      TextConfig config,
      VisionModel vision,
      CaptionModel captioner,
      EncodedImages images) {
    reference.checkImageTokens(images, checks);
    checks.check(
        LOGITS + ", each text anew",
        () -> {
          List<long[]> texts = texts(reference, images);
          return Finding.floats(
              eachTextAnew(reference, vision, captioner, texts),
              expected(reference, config, texts));
        });
    checks.check(
        LOGITS + ", token by token",
        () -> {
          List<long[]> texts = texts(reference, images);
          return Finding.floats(
              tokenByToken(captioner, images, texts), expected(reference, config, texts));
        });
  }

  private static float[] expected(ReferenceTensors reference, TextConfig config, List<long[]> texts)
      throws IOException {
    return reference.floats(LOGITS, texts.size(), texts.get(0).length, config.vocabularySize());
  }

  /** One text an image. */
  private static List<long[]> texts(ReferenceTensors reference, EncodedImages images)
      throws IOException {
    List<long[]> texts = reference.ids(IDS);
    if (texts.isEmpty() || texts.size() != images.count()) {
      throw new ReferenceException(
          "%s has %d texts for %d images".formatted(IDS, texts.size(), images.count()));
    }
    return texts;
  }

  /** Every prefix of every text in one pass, by itself: neither a cache nor a batch takes part. */
  private static float[] eachTextAnew(
      ReferenceTensors reference, VisionModel vision, CaptionModel captioner, List<long[]> texts)
      throws IOException {
    FloatsInOrder logits = new FloatsInOrder();
    for (int row = 0; row < texts.size(); row++) {
      try (EncodedImages image = vision.encode(reference.pixels(row))) {
        for (int length = 1; length <= texts.get(row).length; length++) {
          try (Decoding decoding = captioner.start(image, Arrays.copyOf(texts.get(row), length))) {
            logits.add(decoding.logits().values());
          }
        }
      }
    }
    return logits.toArray();
  }

  /** All texts side by side, each step on the keys and values kept from the ones before it. */
  private static float[] tokenByToken(
      CaptionModel captioner, EncodedImages images, List<long[]> texts) throws IOException {
    long start = texts.get(0)[0];
    if (texts.stream().anyMatch(text -> text[0] != start)) {
      throw new ReferenceException(IDS + " begin with different tokens; they must begin alike");
    }
    int length = texts.get(0).length;
    int[] everyRow = IntStream.range(0, texts.size()).toArray();
    List<FloatRows> steps = new ArrayList<>();
    try (Decoding decoding = captioner.start(images, start)) {
      steps.add(decoding.logits());
      for (int at = 1; at < length; at++) {
        int position = at;
        steps.add(
            decoding.next(everyRow, texts.stream().mapToLong(text -> text[position]).toArray()));
      }
    }
    FloatsInOrder logits = new FloatsInOrder();
    for (int row : everyRow) {
      for (FloatRows step : steps) {
        logits.add(Arrays.copyOfRange(step.values(), row * step.width(), (row + 1) * step.width()));
      }
    }
    return logits.toArray();
  }

  private void cases(
      ReferenceTensors reference, TextConfig config, CaptionModel captioner, EncodedImages images)
      throws IOException {
    ReferenceFields fields = ReferenceFields.of(CASES, ReferenceFields.read(folder.resolve(CASES)));
    checks.require(
        "generate",
        () -> {
          JsonNode cases = fields.list("generate");
          GenerationChecks generation = new GenerationChecks(captioner, config, images, checks);
          for (int i = 0; i < cases.size(); i++) {
            generation.run("generate[%d]".formatted(i), cases.get(i));
          }
        });
    checks.require(
        "sampling_step",
        () -> {
          JsonNode cases = fields.list("sampling_step");
          SamplingChecks sampling =
              new SamplingChecks(captioner, config, images, texts(reference, images), checks);
          for (int i = 0; i < cases.size(); i++) {
            sampling.run("sampling_step[%d]".formatted(i), cases.get(i));
          }
        });
    fields.requireNoOthers();
  }
}
