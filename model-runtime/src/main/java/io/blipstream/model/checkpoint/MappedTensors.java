package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tensors of one file, which is mapped into memory as they are read: what the formats have in
 * common once their tables of contents are read and checked.
 *
 * <p>A tensor is mapped in segments that start at its first byte, so files and tensors may be
 * larger than a mapping, and no element straddles two segments.
 */
abstract class MappedTensors implements TensorSource {

  /** Elements of a tensor that is not row-major which are put in order at a time. */
  private static final int GATHERED_ELEMENTS = 1 << 16;

  private final MappedFile file;
  private final Map<String, StoredTensor> tensors;
  private final int segmentBytes;

  /**
   * @param tensors in the file's order; each checked to lie inside it
   * @param segmentBytes a multiple of 8
   */
  MappedTensors(MappedFile file, Map<String, StoredTensor> tensors, int segmentBytes) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.segmentBytes = segmentBytes;
  }

  @Override
  public final Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public final TensorInfo tensor(String name) throws CheckpointException {
    return stored(name).info();
  }

  @Override
  public final float[] readFloats(String name) throws IOException {
    float[] values = new float[arraySize(tensor(name))];
    readFloats(name, FloatBuffer.wrap(values));
    return values;
  }

  @Override
  public final void readFloats(String name, FloatBuffer out) throws IOException {
    StoredTensor stored = stored(name);
    Dtype dtype = stored.info().dtype();
    if (!dtype.isFloating()) {
      throw new CheckpointException(
          "%s: tensor %s is %s, but weights must be F32, F16 or BF16."
              .formatted(file.path(), name, dtype));
    }
    if (out.remaining() < stored.info().elements()) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements, but the buffer has room for %d."
              .formatted(file.path(), name, stored.info().elements(), out.remaining()));
    }
    forEachPiece(stored, piece -> widen(dtype, piece, out));
  }

  @Override
  public final long[] readLongs(String name) throws IOException {
    StoredTensor stored = stored(name);
    Dtype dtype = stored.info().dtype();
    if (dtype != Dtype.I64 && dtype != Dtype.I32) {
      throw new CheckpointException(
          "%s: tensor %s is %s, but I64 or I32 is needed.".formatted(file.path(), name, dtype));
    }
    LongBuffer out = LongBuffer.allocate(arraySize(stored.info()));
    forEachPiece(
        stored,
        piece -> {
          while (piece.hasRemaining()) {
            out.put(dtype == Dtype.I64 ? piece.getLong() : piece.getInt());
          }
        });
    return out.array();
  }

  @Override
  public final void close() throws IOException {
    file.close();
  }

  /** Hands over a tensor's bytes in row-major order. */
  private void forEachPiece(StoredTensor tensor, Consumer<ByteBuffer> sink) throws IOException {
    if (tensor.info().elements() == 0) {
      return;
    }
    if (!tensor.isRowMajor()) {
      gather(tensor, sink);
      return;
    }
    long bytes = tensor.info().elements() * tensor.info().dtype().bytes();
    for (long at = 0; at < bytes; at += segmentBytes) {
      sink.accept(file.map(tensor.position() + at, Math.min(segmentBytes, bytes - at)));
    }
  }

  private void gather(StoredTensor tensor, Consumer<ByteBuffer> sink) throws IOException {
    int size = tensor.info().dtype().bytes();
    long[] shape = tensor.info().shape();
    long[] strides = tensor.strides();
    ByteBuffer region = region(tensor, size);
    long elements = tensor.info().elements();
    ByteBuffer piece =
        ByteBuffer.allocate((int) Math.min(elements, GATHERED_ELEMENTS) * size)
            .order(ByteOrder.LITTLE_ENDIAN);
    long[] index = new long[shape.length];
    long at = 0;
    for (long n = 0; n < elements; n++) {
      if (!piece.hasRemaining()) {
        sink.accept(piece.flip());
        piece.clear();
      }
      piece.put(region.slice((int) (at * size), size));
      for (int d = shape.length - 1; d >= 0; d--) {
        at += strides[d];
        index[d]++;
        if (index[d] < shape[d]) {
          break;
        }
        at -= strides[d] * shape[d];
        index[d] = 0;
      }
    }
    sink.accept(piece.flip());
  }

  /** All that lies between a tensor's first and last element. */
  private ByteBuffer region(StoredTensor tensor, int size) throws IOException {
    long[] shape = tensor.info().shape();
    long last = 0;
    for (int d = 0; d < shape.length; d++) {
      last += (shape[d] - 1) * tensor.strides()[d];
    }
    long bytes = (last + 1) * size;
    if (bytes > MappedFile.SEGMENT_BYTES) {
      throw new CheckpointException(
          "%s: tensor %s is not contiguous and spread over %d bytes, more than %d; save it"
                  .formatted(file.path(), tensor.info().name(), bytes, MappedFile.SEGMENT_BYTES)
              + " contiguous.");
    }
    return file.map(tensor.position(), bytes);
  }

  private static void widen(Dtype dtype, ByteBuffer from, FloatBuffer to) {
    switch (dtype) {
      case F32 -> to.put(from.asFloatBuffer());
      case F16 -> {
        while (from.hasRemaining()) {
          to.put(HalfPrecision.fromF16(from.getShort()));
        }
      }
      case BF16 -> {
        while (from.hasRemaining()) {
          to.put(HalfPrecision.fromBf16(from.getShort()));
        }
      }
      default -> throw new IllegalArgumentException(dtype + " is not floating");
    }
  }

  private StoredTensor stored(String name) throws CheckpointException {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw new CheckpointException(file.path() + " has no tensor " + name + ".");
    }
    return stored;
  }

  private int arraySize(TensorInfo info) throws CheckpointException {
    if (info.elements() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements, more than an array holds."
              .formatted(file.path(), info.name(), info.elements()));
    }
    return (int) info.elements();
  }
}
