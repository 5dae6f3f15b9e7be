package io.blipstream.model.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Normalised images [B, 3, S, S] in one direct buffer, which is filled anew for each batch and
 * grows to the largest. An engine reads it in place, so it must not be refilled while one does.
 */
public final class PixelBatch {

  private static final int CHANNELS = 3;

  private final int side;
  private ByteBuffer buffer = allocate(0);
  private int count;

  /**
   * @param side S, in pixels
   */
  public PixelBatch(int side) {
    this.side = side;
  }

  /**
   * Begins a batch of this many images; the caller then writes all their values, image by image.
   */
  public FloatBuffer fill(int images) {
    int bytes = Math.multiplyExact(images, bytesPerImage());
    if (buffer.capacity() < bytes) {
      buffer = allocate(bytes);
    }
    count = images;
    return bytes().asFloatBuffer();
  }

  /** B. */
  public int count() {
    return count;
  }

  /** S, in pixels. */
  public int side() {
    return side;
  }

  /** The values, 32-bit floats in native order; a view. */
  public ByteBuffer bytes() {
    return buffer.slice(0, count * bytesPerImage()).order(ByteOrder.nativeOrder());
  }

  private int bytesPerImage() {
    return CHANNELS * side * side * Float.BYTES;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }
}
