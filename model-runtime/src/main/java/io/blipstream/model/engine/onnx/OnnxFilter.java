package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OrtSession;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FilterScores;
import io.blipstream.model.text.TokenBatch;
import java.util.Map;
import java.util.Set;

/** The text encoders and heads of a filter on ONNX Runtime. */
final class OnnxFilter implements FilterModel {

  private static final Set<String> OUTPUTS =
      Set.of(BlipGraph.MATCH_LOGITS, BlipGraph.IMAGE_EMBEDDINGS, BlipGraph.TEXT_EMBEDDINGS);

  private final OnnxSession session;

  OnnxFilter(OnnxSession session) {
    this.session = session;
  }

  @Override
  public FilterScores score(EncodedImages images, TokenBatch matchTexts, TokenBatch texts) {
    FilterModel.textsPerImage(images, matchTexts, texts);
    int count = images.count();
    PackedTexts packed = PackedTexts.of(texts, count);
    int length = packed.length();
    try (NamedTensors inputs = new NamedTensors()) {
      inputs.own(BlipGraph.IMAGE_TOKENS, OnnxImages.of(images).tensor(0, count));
      inputs.own(BlipGraph.MATCH_IDS, OnnxSession.integers(packed.ids(matchTexts), count, length));
      inputs.own(BlipGraph.IDS, OnnxSession.integers(packed.ids(texts), count, length));
      inputs.own(BlipGraph.POSITIONS, OnnxSession.integers(packed.positions(), count, length));
      inputs.own(BlipGraph.MASK, OnnxSession.floats(packed.mask(), count, 1, length, length));
      inputs.own(BlipGraph.STARTS, OnnxSession.integers(packed.starts(), texts.size()));
      try (OrtSession.Result result =
          session.run(
              "judging %d texts of %d images".formatted(texts.size(), count),
              inputs.byName(),
              OUTPUTS,
              Map.of())) {
        return new FilterScores(
            OnnxSession.rows(result, BlipGraph.MATCH_LOGITS),
            OnnxSession.rows(result, BlipGraph.IMAGE_EMBEDDINGS),
            OnnxSession.rows(result, BlipGraph.TEXT_EMBEDDINGS));
      }
    }
  }
}
