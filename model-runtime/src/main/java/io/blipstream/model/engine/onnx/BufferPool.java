package io.blipstream.model.engine.onnx;

import io.blipstream.model.engine.EngineFailures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Direct buffers that graphs read and write in place. What is given back is used again: the JDK
 * frees direct memory only when it collects garbage, which such work makes hardly any of.
 *
 * <p>Thread-safe.
 */
final class BufferPool {

  private final IntFunction<ByteBuffer> allocator;
  private final List<ByteBuffer> free = new ArrayList<>();

  BufferPool() {
    this(ByteBuffer::allocateDirect);
  }

  /** Takes new buffers from somewhere else. */
  BufferPool(IntFunction<ByteBuffer> allocator) {
    this.allocator = allocator;
  }

  /**
   * A buffer of at least so many bytes, in native order; what it holds is anything.
   *
   * @throws io.blipstream.model.OutOfDeviceMemoryException if direct memory is used up
   */
  synchronized ByteBuffer take(long bytes) {
    int size = Math.toIntExact(bytes);
    Optional<ByteBuffer> smallest =
        free.stream()
            .filter(buffer -> buffer.capacity() >= size)
            .min(Comparator.comparingInt(ByteBuffer::capacity));
    if (smallest.isPresent()) {
      free.remove(smallest.get());
      return smallest.get().clear();
    }
    // Those that are too small have been outgrown.
    free.clear();
    try {
      return allocator.apply(size).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw EngineFailures.of(
          "Java has no %d bytes of direct memory left for ONNX Runtime".formatted(size), e);
    }
  }

  /** Takes a buffer back, which nobody reads any more. */
  synchronized void give(ByteBuffer buffer) {
    free.add(buffer);
  }
}
