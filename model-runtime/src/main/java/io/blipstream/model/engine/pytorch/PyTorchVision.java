package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.engine.VisionModel;
import io.blipstream.model.network.VisionEncoder;

/** The vision encoder on libtorch. */
final class PyTorchVision implements VisionModel {

  private final NDManager manager;
  private final ImagePreprocessing preprocessing;
  private final VisionEncoder<NDArray> encoder;

  PyTorchVision(NDManager manager, PyTorchOps ops, Checkpoint checkpoint) {
    this.manager = manager;
    this.preprocessing = checkpoint.preprocessing();
    this.encoder = new VisionEncoder<>(ops, checkpoint.config().vision(), checkpoint.imageTokens());
  }

  @Override
  public EncodedImages encode(PixelBatch pixels) {
    int height = preprocessing.height();
    int width = preprocessing.width();
    if (pixels.height() != height || pixels.width() != width) {
      throw new IllegalArgumentException(
          "the model takes images of %d x %d pixels, not %d x %d"
              .formatted(height, width, pixels.height(), pixels.width()));
    }
    return Computation.run(
        "encoding " + pixels.count() + " images",
        () -> {
          Shape shape = new Shape(pixels.count(), 3, height, width);
          NDArray images = manager.create(pixels.bytes(), shape, DataType.FLOAT32);
          return new PyTorchImages(Computation.keep(encoder.encode(images)));
        });
  }
}
