package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.blipstream.model.checkpoint.BlipConfig;
import io.blipstream.model.engine.CaptionModel;
import io.blipstream.model.engine.Decoding;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.network.TextDecoder;

/** The text decoder on libtorch. */
final class PyTorchCaptioner implements CaptionModel {

  private final NDManager manager;
  private final TorchScript script;
  private final TextDecoder<NDArray> decoder;

  PyTorchCaptioner(NDManager manager, TorchScript script, PyTorchOps ops, BlipConfig config) {
    this.manager = manager;
    this.script = script;
    this.decoder = new TextDecoder<>(ops, config);
  }

  @Override
  public Decoding start(EncodedImages images, long... tokens) {
    return new PyTorchDecoding(
        manager, script, decoder, PyTorchImages.array(images), tokens.clone());
  }
}
