package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.FilterModel;
import io.blipstream.model.engine.FilterScores;
import io.blipstream.model.network.TextEncoder;
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
  public FilterScores score(EncodedImages images, TokenBatch matchTexts, TokenBatch texts) {
    FilterModel.textsPerImage(images, matchTexts, texts);
    NDArray imageTokens = PyTorchImages.array(images);
    return new FilterScores(
        Computation.run(
            "matching %d texts with %d images".formatted(texts.size(), images.count()),
            () ->
                Computation.rows(
                    encoder.match(
                        TextTensors.ids(manager, matchTexts),
                        TextTensors.positions(manager, 0, texts.length()),
                        TextTensors.paddingMask(manager, texts),
                        encoder.crossKeyValues(imageTokens)))),
        Computation.run(
            "projecting " + images.count() + " images",
            () -> Computation.rows(encoder.imageEmbedding(imageTokens))),
        Computation.run(
            "encoding " + texts.size() + " texts",
            () ->
                Computation.rows(
                    encoder.textEmbedding(
                        TextTensors.ids(manager, texts),
                        TextTensors.positions(manager, 0, texts.length()),
                        TextTensors.paddingMask(manager, texts)))));
  }
}
