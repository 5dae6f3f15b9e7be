package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.engine.EncodedImages;
import io.blipstream.model.engine.PixelBatch;
import io.blipstream.model.engine.VisionModel;
import java.nio.ByteBuffer;
import java.util.Map;

/** The vision encoder on ONNX Runtime. */
final class OnnxVision implements VisionModel {

  private static final int CHANNELS = 3;

  private final OnnxSession session;
  private final BufferPool pool;
  private final ImageRuns runs;
  private final int height;
  private final int width;
  private final int tokens;
  private final int tokenWidth;

  OnnxVision(OnnxSession session, BufferPool pool, ImageRuns runs, Checkpoint checkpoint) {
    this.session = session;
    this.pool = pool;
    this.runs = runs;
    this.height = checkpoint.preprocessing().height();
    this.width = checkpoint.preprocessing().width();
    this.tokens = checkpoint.imageTokens();
    this.tokenWidth = checkpoint.config().vision().width();
  }

  @Override
  public EncodedImages encode(PixelBatch pixels) {
    if (pixels.height() != height || pixels.width() != width) {
      throw new IllegalArgumentException(
          "the model takes images of %d x %d pixels, not %d x %d"
              .formatted(height, width, pixels.height(), pixels.width()));
    }
    long pixelBytes = (long) Float.BYTES * CHANNELS * height * width;
    ByteBuffer out = pool.take((long) Float.BYTES * pixels.count() * tokens * tokenWidth);
    OnnxImages images = new OnnxImages(pool, out, pixels.count(), tokens, tokenWidth);
    try {
      runs.each(
          pixels.count(),
          (from, count) -> {
            try (OnnxTensor in =
                    OnnxSession.floats(
                        pixels.bytes(), from * pixelBytes, count, CHANNELS, height, width);
                OnnxTensor place = images.tensor(from, count)) {
              session.run(
                  "encoding " + pixels.count() + " images",
                  Map.of(BlipGraph.PIXELS, in),
                  Map.of(BlipGraph.IMAGE_TOKENS, place));
            }
            images.requireNumbers(from, count);
          });
    } catch (RuntimeException e) {
      images.close();
      throw e;
    }
    return images;
  }
}
