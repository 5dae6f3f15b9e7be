package io.blipstream.model.engine.onnx;

import io.blipstream.model.checkpoint.TextConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;

/** The text decoder on ONNX Runtime. */
final class OnnxCaptioner implements CaptionModel {

  private final OnnxSession keysValues;
  private final OnnxSession decoder;
  private final BufferPool pool;
  private final BatchRuns runs;
  private final TextConfig config;

  OnnxCaptioner(
      OnnxSession keysValues,
      OnnxSession decoder,
      BufferPool pool,
      BatchRuns runs,
      TextConfig config) {
    this.keysValues = keysValues;
    this.decoder = decoder;
    this.pool = pool;
    this.runs = runs;
    this.config = config;
  }

  @Override
  public Decoding start(EncodedImages images, long... tokens) {
    ImageKeysValues image =
        ImageKeysValues.compute(keysValues, pool, runs, config, OnnxImages.of(images));
    return new OnnxDecoding(decoder, config, image, tokens.clone());
  }
}
