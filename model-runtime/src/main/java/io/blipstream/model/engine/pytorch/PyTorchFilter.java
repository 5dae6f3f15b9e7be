package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FloatRows;
import io.blipstream.model.network.TextEncoder;
import io.blipstream.model.network.TextShape;
import io.blipstream.model.text.TokenBatch;

/** The text encoders and heads of a filter on libtorch. */
final class PyTorchFilter implements FilterModel {

  private final NDManager manager;
  private final TextEncoder<NDArray> encoder;

  PyTorchFilter(NDManager manager, PyTorchOps ops, BlipConfig config) {
    this.manager = manager;
    this.encoder = new TextEncoder<>(ops, config);
  }

  @Override
  public FloatRows match(EncodedImages images, TokenBatch texts) {
    int perImage = images.count() == 0 ? 0 : texts.size() / images.count();
    if (perImage * images.count() != texts.size()) {
      throw new IllegalArgumentException(
          "%d texts are not the same number for each of %d images"
              .formatted(texts.size(), images.count()));
    }
    return Computation.run(
        "matching %d texts with %d images".formatted(texts.size(), images.count()),
        () ->
            Computation.rows(
                encoder.match(
                    TextTensors.ids(manager, texts),
                    TextTensors.paddingMask(manager, texts),
                    encoder.crossKeyValues(PyTorchImages.array(images)),
                    new TextShape(perImage, texts.length()))));
  }

  @Override
  public FloatRows imageEmbeddings(EncodedImages images) {
    return Computation.run(
        "projecting " + images.count() + " images",
        () -> Computation.rows(encoder.imageEmbedding(PyTorchImages.array(images))));
  }

  @Override
  public FloatRows textEmbeddings(TokenBatch texts) {
    return Computation.run(
        "encoding " + texts.size() + " texts",
        () ->
            Computation.rows(
                encoder.textEmbedding(
                    TextTensors.ids(manager, texts),
                    TextTensors.paddingMask(manager, texts),
                    texts.length())));
  }
}
