package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OrtSession;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FilterScores;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.text.TokenBatch;
import java.util.Map;
import java.util.Set;

/** The text encoders and heads of a filter on ONNX Runtime. */
final class OnnxFilter implements FilterModel {

  private static final Set<String> OUTPUTS =
      Set.of(BlipGraph.MATCH_LOGITS, BlipGraph.IMAGE_EMBEDDINGS, BlipGraph.TEXT_EMBEDDINGS);

  private static final int CLASSES = 2;

  private final OnnxSession session;
  private final ImageRuns runs;
  private final int projectionWidth;

  OnnxFilter(OnnxSession session, ImageRuns runs, int projectionWidth) {
    this.session = session;
    this.runs = runs;
    this.projectionWidth = projectionWidth;
  }

  @Override
  public FilterScores score(EncodedImages images, TokenBatch matchTexts, TokenBatch texts) {
    int perImage = FilterModel.textsPerImage(images, matchTexts, texts);
    OnnxImages own = OnnxImages.of(images);
    FilterScores scores =
        new FilterScores(
            matrix(texts.size(), CLASSES),
            matrix(images.count(), projectionWidth),
            matrix(texts.size(), projectionWidth));
    runs.each(
        images.count(),
        (from, count) -> score(own, from, count, matchTexts, texts, perImage, scores));
    return scores;
  }

  private static FloatRows matrix(int rows, int width) {
    return new FloatRows(new float[Math.multiplyExact(rows, width)], width);
  }

  /** Scores the texts of {@code count} images, and enters the results where they belong. */
  private void score(
      OnnxImages images,
      int from,
      int count,
      TokenBatch matchTexts,
      TokenBatch texts,
      int perImage,
      FilterScores scores) {
    int firstText = from * perImage;
    PackedTexts packed = PackedTexts.of(texts, firstText, count, perImage);
    int length = packed.length();
    try (NamedTensors inputs = new NamedTensors()) {
      inputs.own(BlipGraph.IMAGE_TOKENS, images.tensor(from, count));
      inputs.own(BlipGraph.MATCH_IDS, OnnxSession.integers(packed.ids(matchTexts), count, length));
      inputs.own(BlipGraph.IDS, OnnxSession.integers(packed.ids(texts), count, length));
      inputs.own(BlipGraph.POSITIONS, OnnxSession.integers(packed.positions(), count, length));
      inputs.own(BlipGraph.MASK, OnnxSession.floats(packed.mask(), count, 1, length, length));
      inputs.own(BlipGraph.STARTS, OnnxSession.integers(packed.starts(), (long) count * perImage));
      try (OrtSession.Result result =
          session.run(
              "judging %d texts of %d images".formatted(count * perImage, count),
              inputs.byName(),
              OUTPUTS,
              Map.of())) {
        enter(result, BlipGraph.MATCH_LOGITS, scores.matchLogits(), firstText);
        enter(result, BlipGraph.IMAGE_EMBEDDINGS, scores.images(), from);
        enter(result, BlipGraph.TEXT_EMBEDDINGS, scores.texts(), firstText);
      }
    }
  }

  private static void enter(OrtSession.Result result, String output, FloatRows into, int row) {
    float[] values = OnnxSession.rows(result, output).values();
    System.arraycopy(values, 0, into.values(), row * into.width(), values.length);
  }
}
