package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.checkpoint.VisionConfig;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.network.VisionEncoder;

/** The vision encoder on libtorch. */
final class PyTorchVision implements VisionModel {

  private final NDManager manager;
  private final VisionConfig config;
  private final VisionEncoder<NDArray> encoder;

  PyTorchVision(NDManager manager, PyTorchOps ops, VisionConfig config) {
    this.manager = manager;
    this.config = config;
    this.encoder = new VisionEncoder<>(ops, config);
  }

  @Override
  public EncodedImages encode(PixelBatch pixels) {
    int side = config.imageSize();
    if (pixels.side() != side) {
      throw new IllegalArgumentException(
          "the model takes images of %d pixels, not %d".formatted(side, pixels.side()));
    }
    return Computation.run(
        "encoding " + pixels.count() + " images",
        () -> {
          Shape shape = new Shape(pixels.count(), 3, side, side);
          NDArray images = manager.create(pixels.bytes(), shape, DataType.FLOAT32);
          return new PyTorchImages(Computation.keep(encoder.encode(images)));
        });
  }
}
