package io.blipstream.model.engine.onnx;

import java.nio.ByteBuffer;

/**
 * Weights of a linear layer in 8 bits: each output channel has a scale of its own, so that its
 * largest weight becomes the largest that the processor can take (symmetric, no zero point).
 */
final class Int8Weights {

  private final byte[] values;
  private final float[] scales;

  private Int8Weights(byte[] values, float[] scales) {
    this.values = values;
    this.scales = scales;
  }

  /** [in, out], the transpose of a checkpoint's layout. */
  ByteBuffer values() {
    return ByteBuffer.wrap(values);
  }

  /** [out]; a weight is its value times the scale. */
  float[] scales() {
    return scales.clone();
  }

  /**
   * Rounds rows {@code from} to {@code to} of a weight.
   *
   * @param weight [out, in], row-major
   * @param largestValue what the largest weight of a channel becomes
   */
  static Int8Weights of(float[] weight, int in, int from, int to, int largestValue) {
    int out = to - from;
    byte[] values = new byte[Math.multiplyExact(in, out)];
    float[] scales = new float[out];
    for (int channel = 0; channel < out; channel++) {
      int row = (from + channel) * in;
      float largest = 0;
      for (int i = 0; i < in; i++) {
        largest = Math.max(largest, Math.abs(weight[row + i]));
      }
      // A channel of zeros stays one, whatever its scale.
      float scale = largest == 0 ? 1 : largest / largestValue;
      scales[channel] = scale;
      for (int i = 0; i < in; i++) {
        values[i * out + channel] = (byte) Math.round(weight[row + i] / scale);
      }
    }
    return new Int8Weights(values, scales);
  }
}
