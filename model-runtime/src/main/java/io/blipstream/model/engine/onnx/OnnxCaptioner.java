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
  private final ImageRuns runs;
  private final TextConfig config;

  OnnxCaptioner(
      OnnxSession keysValues,
      OnnxSession decoder,
      BufferPool pool,
      ImageRuns runs,
      TextConfig config) {
    this.keysValues = keysValues;
    this.decoder = decoder;
    this.pool = pool;
    this.runs = runs;
    this.config = config;
  }

  @Override
  public Decoding start(EncodedImages images, long... tokens) {
    OnnxImages own = OnnxImages.of(images);
    return new OnnxDecoding(
        runs,
        own.count(),
        span ->
            new PartDecoding(
                decoder,
                config,
                ImageKeysValues.compute(keysValues, pool, config, own, span, runs.imagesPerRun()),
                tokens));
  }
}
