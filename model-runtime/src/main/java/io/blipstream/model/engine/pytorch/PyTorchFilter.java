package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.engine.TokenBatch;
import io.blipstream.model.network.TextEncoder;
import io.blipstream.model.network.TextShape;

/** The text encoders and heads of a filter on libtorch. */
final class PyTorchFilter implements FilterModel {

  /** ITM's classes: no match, match. */
  private static final int CLASSES = 2;

  /** Any number whose exponential is 0 beside the attention scores of tokens. */
  private static final float MASKED = -1e9f;

  private final NDManager manager;
  private final BlipConfig config;
  private final TextEncoder<NDArray> encoder;

  PyTorchFilter(NDManager manager, PyTorchOps ops, BlipConfig config) {
    this.manager = manager;
    this.config = config;
    this.encoder = new TextEncoder<>(ops, config);
  }

  @Override
  public FloatRows match(EncodedImages images, TokenBatch texts) {
    int perImage = images.count() == 0 ? 0 : texts.rows() / images.count();
    if (perImage * images.count() != texts.rows()) {
      throw new IllegalArgumentException(
          "%d texts are not the same number for each of %d images"
              .formatted(texts.rows(), images.count()));
    }
    if (texts.rows() == 0) {
      return new FloatRows(new float[0], CLASSES);
    }
    return Computation.run(
        "matching %d texts with %d images".formatted(texts.rows(), images.count()),
        () ->
            Computation.rows(
                encoder.match(
                    ids(texts),
                    mask(texts),
                    encoder.crossKeyValues(PyTorchImages.tokens(images)),
                    new TextShape(perImage, texts.length()))));
  }

  @Override
  public FloatRows imageEmbeddings(EncodedImages images) {
    return Computation.run(
        "projecting " + images.count() + " images",
        () -> Computation.rows(encoder.imageEmbedding(PyTorchImages.tokens(images))));
  }

  @Override
  public FloatRows textEmbeddings(TokenBatch texts) {
    if (texts.rows() == 0) {
      return new FloatRows(new float[0], config.projectionWidth());
    }
    return Computation.run(
        "encoding " + texts.rows() + " texts",
        () -> Computation.rows(encoder.textEmbedding(ids(texts), mask(texts), texts.length())));
  }

  private NDArray ids(TokenBatch texts) {
    return manager.create(texts.ids(), new Shape(texts.rows(), texts.length()));
  }

  private NDArray mask(TokenBatch texts) {
    return manager.create(texts.mask(MASKED), new Shape(texts.rows(), 1, 1, texts.length()));
  }
}
