package io.blipstream.model.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The speed of libtorch at nothing but large matrix products in 32 bits on the CPU: what a network
 * could reach here if it were only that.
 */
public final class MatrixProducts implements AutoCloseable {

  /** Large enough that a product takes tens of milliseconds, small enough for any memory. */
  private static final int SIDE = 2048;

  private final NDManager manager;
  private final NDArray left;
  private final NDArray right;

  /**
   * @param threads for one product, a setting of the whole process; 0 leaves libtorch's own choice
   */
  public MatrixProducts(int threads) {
    manager = Libtorch.engine().newBaseManager(Device.cpu());
    if (threads > 0) {
      JniUtils.setNumThreads(threads);
    }
    left = manager.randomNormal(new Shape(SIDE, SIDE));
    right = manager.randomNormal(new Shape(SIDE, SIDE));
  }

  /** Operations of one product, a multiply-add counting two. */
  public double flops() {
    return 2.0 * SIDE * SIDE * SIDE;
  }

  /** One product. */
  public void run() {
    left.matMul(right).close();
  }

  @Override
  public void close() {
    manager.close();
  }
}
