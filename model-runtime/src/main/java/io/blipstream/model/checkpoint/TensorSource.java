package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Set;

/**
 * Named tensors in a file, read one at a time. Thread-safe: tensors may be read at once by several
 * threads.
 */
public interface TensorSource extends AutoCloseable {

  /** Names in the order of the file. */
  Set<String> names();

  /**
   * What the file says of a tensor.
   *
   * @throws CheckpointException if there is no such tensor
   */
  TensorInfo tensor(String name) throws CheckpointException;

  /**
   * Reads F32, or F16 and BF16 widened to 32 bits, row-major.
   *
   * @throws CheckpointException if there is no such tensor, it is not floating, or it has more
   *     elements than an array holds
   */
  float[] readFloats(String name) throws IOException;

  /**
   * Reads like {@link #readFloats(String)} into a buffer, from its position on, which moves on.
   *
   * @throws CheckpointException also if the buffer has less room than the tensor has elements
   */
  void readFloats(String name, FloatBuffer out) throws IOException;

  /**
   * Reads I64, or I32 widened, row-major.
   *
   * @throws CheckpointException if there is no such tensor or it holds no such integers
   */
  long[] readLongs(String name) throws IOException;

  @Override
  void close() throws IOException;
}
