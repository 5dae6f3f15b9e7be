package io.blipstream.model.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Normalised images [B, 3, height, width] in one direct buffer, which is filled anew for each batch
 * and grows to the largest. An engine reads it in place, so it must not be refilled while one does.
 */
public final class PixelBatch {

  private static final int CHANNELS = 3;

  private final int height;
  private final int width;
  private ByteBuffer buffer = allocate(0);
  private int count;

  /** A batch of square images. */
  public PixelBatch(int side) {
    this(side, side);
  }

  /** A batch of images of this many pixels. */
  public PixelBatch(int height, int width) {
    this.height = height;
    this.width = width;
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

  /** In pixels. */
  public int height() {
    return height;
  }

  /** In pixels. */
  public int width() {
    return width;
  }

  /** The values, 32-bit floats in native order; a view. */
  public ByteBuffer bytes() {
    return buffer.slice(0, count * bytesPerImage()).order(ByteOrder.nativeOrder());
  }

  private int bytesPerImage() {
    return CHANNELS * height * width * Float.BYTES;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }
}
