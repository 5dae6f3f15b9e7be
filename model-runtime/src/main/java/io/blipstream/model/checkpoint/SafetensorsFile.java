package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file, mapped into memory tensor by tensor.
 *
 * <p>A mapping holds 2 GiB at most, so a tensor is mapped in segments that start at its first byte:
 * files and tensors may be larger, and no element straddles two segments. Format: 8 bytes
 * little-endian header length, the header (JSON), raw little-endian data.
 */
public final class SafetensorsFile implements TensorSource {

  private static final int LENGTH_BYTES = 8;
  private static final int SEGMENT_BYTES = 1 << 30;

  private final Path path;
  private final FileChannel channel;
  private final int segmentBytes;
  private final long dataStart;
  private final Map<String, SafetensorsHeader.Entry> entries;

  /** Opens a file and checks its whole header. */
  public static SafetensorsFile open(Path path) throws IOException {
    return open(path, SEGMENT_BYTES);
  }

  /** Opens with another segment size, a multiple of 8: what a test of small files needs. */
  static SafetensorsFile open(Path path, int segmentBytes) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new SafetensorsFile(path, channel, segmentBytes);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private SafetensorsFile(Path path, FileChannel channel, int segmentBytes) throws IOException {
    this.path = path;
    this.channel = channel;
    this.segmentBytes = segmentBytes;
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new CheckpointException(path + " is too short to be a safetensors file.");
    }
    long headerBytes = map(0, LENGTH_BYTES).getLong();
    if (headerBytes < 0 || headerBytes > SafetensorsHeader.MAX_BYTES) {
      throw new CheckpointException(
          "%s states a header of %s bytes, over the limit of %d; it is no safetensors file."
              .formatted(path, Long.toUnsignedString(headerBytes), SafetensorsHeader.MAX_BYTES));
    }
    if (headerBytes > size - LENGTH_BYTES) {
      throw new CheckpointException(
          "%s states a header of %d bytes, but holds only %d; it is cut off, fetch it again."
              .formatted(path, headerBytes, size - LENGTH_BYTES));
    }
    byte[] json = new byte[(int) headerBytes];
    map(LENGTH_BYTES, json.length).get(json);
    this.dataStart = LENGTH_BYTES + headerBytes;
    this.entries = SafetensorsHeader.parse(path.toString(), json, size - dataStart);
  }

  @Override
  public Set<String> names() {
    return entries.keySet();
  }

  @Override
  public TensorInfo tensor(String name) throws CheckpointException {
    return entry(name).info();
  }

  @Override
  public float[] readFloats(String name) throws IOException {
    float[] values = new float[arraySize(tensor(name))];
    readFloats(name, FloatBuffer.wrap(values));
    return values;
  }

  @Override
  public void readFloats(String name, FloatBuffer out) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    Dtype dtype = entry.info().dtype();
    if (!dtype.isFloating()) {
      throw new CheckpointException(
          "%s: tensor %s is %s, but weights must be F32, F16 or BF16."
              .formatted(path, name, dtype));
    }
    if (out.remaining() < entry.info().elements()) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements, but the buffer has room for %d."
              .formatted(path, name, entry.info().elements(), out.remaining()));
    }
    for (long at = entry.begin(); at < entry.end(); at += segmentBytes) {
      widen(dtype, segment(at, entry.end()), out);
    }
  }

  @Override
  public long[] readLongs(String name) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    Dtype dtype = entry.info().dtype();
    if (dtype != Dtype.I64 && dtype != Dtype.I32) {
      throw new CheckpointException(
          "%s: tensor %s is %s, but I64 or I32 is needed.".formatted(path, name, dtype));
    }
    LongBuffer out = LongBuffer.allocate(arraySize(entry.info()));
    for (long at = entry.begin(); at < entry.end(); at += segmentBytes) {
      ByteBuffer segment = segment(at, entry.end());
      if (dtype == Dtype.I64) {
        out.put(segment.asLongBuffer());
      } else {
        while (segment.hasRemaining()) {
          out.put(segment.getInt());
        }
      }
    }
    return out.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
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

  private ByteBuffer segment(long begin, long end) throws IOException {
    return map(dataStart + begin, Math.min(segmentBytes, end - begin));
  }

  private ByteBuffer map(long position, long bytes) throws IOException {
    return channel
        .map(FileChannel.MapMode.READ_ONLY, position, bytes)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private SafetensorsHeader.Entry entry(String name) throws CheckpointException {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new CheckpointException(path + " has no tensor " + name + ".");
    }
    return entry;
  }

  private int arraySize(TensorInfo info) throws CheckpointException {
    if (info.elements() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements, more than an array holds."
              .formatted(path, info.name(), info.elements()));
    }
    return (int) info.elements();
  }
}
