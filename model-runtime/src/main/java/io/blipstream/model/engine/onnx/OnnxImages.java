package io.blipstream.model.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import io.blipstream.model.InferenceException;
import io.blipstream.model.engine.EncodedImages;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Image tokens [B, N, D] in a buffer of the engine's. */
final class OnnxImages implements EncodedImages {

  private final BufferPool pool;
  private final ByteBuffer buffer;
  private final int count;
  private final int tokens;
  private final int width;
  private boolean closed;

  OnnxImages(BufferPool pool, ByteBuffer buffer, int count, int tokens, int width) {
    this.pool = pool;
    this.buffer = buffer;
    this.count = count;
    this.tokens = tokens;
    this.width = width;
  }

  /** The tokens of images that an engine of this kind encoded. */
  static OnnxImages of(EncodedImages images) {
    if (images instanceof OnnxImages own) {
      return own;
    }
    throw new IllegalArgumentException("the images were encoded by another engine: " + images);
  }

  @Override
  public int count() {
    return count;
  }

  /** N. */
  int tokenCount() {
    return tokens;
  }

  /** Some of the images, [images, N, D]; to be closed before they are. */
  OnnxTensor tensor(int from, int images) {
    return OnnxSession.floats(buffer, from * bytesPerImage(), images, tokens, width);
  }

  /**
   * Looks for what is not a number: the residual stream carries it to here, but rounding to 8 bits
   * would hide it from those who read the tokens.
   *
   * @throws InferenceException if there is any
   */
  void requireNumbers(int from, int images) {
    FloatBuffer values = buffer.asFloatBuffer();
    int end = (from + images) * tokens * width;
    float sum = 0;
    for (int i = from * tokens * width; i < end; i++) {
      sum += values.get(i) * 0;
    }
    // 0 for numbers, NaN if one is none or infinite.
    if (Float.isNaN(sum)) {
      throw new InferenceException(
          "The vision encoder's output is not a number; its weights or its input are damaged.");
    }
  }

  @Override
  public float[] tokens() {
    float[] values = new float[Math.multiplyExact(count, tokens * width)];
    buffer.asFloatBuffer().get(values);
    return values;
  }

  private long bytesPerImage() {
    return (long) Float.BYTES * tokens * width;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pool.give(buffer);
    }
  }
}
