package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import io.blipstream.model.checkpoint.TextConfig;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Cross-attention keys and values of images for every layer, [B, heads, N, E] each, in buffers of
 * the engine's. Images that are captioned leave, and those after them move up.
 */
final class ImageKeysValues implements AutoCloseable {

  private final BufferPool pool;
  private final TextConfig config;
  private final int tokens;

  /** By the names that the graphs call them. */
  private final Map<String, ByteBuffer> buffers = new HashMap<>();

  private int count;

  private ImageKeysValues(BufferPool pool, TextConfig config, int tokens, int count) {
    this.pool = pool;
    this.config = config;
    this.tokens = tokens;
    this.count = count;
    for (int layer = 0; layer < config.layers(); layer++) {
      buffers.put(BlipGraph.imageKey(layer), pool.take(count * bytesPerImage()));
      buffers.put(BlipGraph.imageValue(layer), pool.take(count * bytesPerImage()));
    }
  }

  /** Computes those of some images of a batch, {@code imagesPerRun} at a time. */
  static ImageKeysValues compute(
      OnnxSession session,
      BufferPool pool,
      TextConfig config,
      OnnxImages images,
      Workers.Span span,
      int imagesPerRun) {
    ImageKeysValues result = new ImageKeysValues(pool, config, images.tokenCount(), span.count());
    try {
      for (int from = 0; from < span.count(); from += imagesPerRun) {
        int count = Math.min(imagesPerRun, span.count() - from);
        try (OnnxTensor in = images.tensor(span.from() + from, count);
            NamedTensors places = result.tensors(from, count)) {
          session.run(
              "starting to caption " + span.count() + " images",
              Map.of(BlipGraph.IMAGE_TOKENS, in),
              places.byName());
        }
      }
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
    return result;
  }

  /** Images that are left. */
  int count() {
    return count;
  }

  /** Tensors of all images that are left. */
  NamedTensors tensors() {
    return tensors(0, count);
  }

  private NamedTensors tensors(int from, int images) {
    NamedTensors tensors = new NamedTensors();
    buffers.forEach(
        (name, buffer) ->
            tensors.own(
                name,
                OnnxSession.floats(
                    buffer,
                    from * bytesPerImage(),
                    images,
                    config.heads(),
                    tokens,
                    BlipGraph.headWidth(config))));
    return tensors;
  }

  /**
   * Lets images go.
   *
   * @param images those that stay, ascending
   */
  void keep(int... images) {
    if (images.length == count) {
      return;
    }
    int bytes = Math.toIntExact(bytesPerImage());
    for (ByteBuffer buffer : buffers.values()) {
      for (int i = 0; i < images.length; i++) {
        if (images[i] != i) {
          buffer.put(i * bytes, buffer, images[i] * bytes, bytes);
        }
      }
    }
    count = images.length;
  }

  private long bytesPerImage() {
    return (long) Float.BYTES * tokens * config.width();
  }

  @Override
  public void close() {
    buffers.values().forEach(pool::give);
    buffers.clear();
  }
}
