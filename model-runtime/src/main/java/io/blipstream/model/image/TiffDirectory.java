package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The first directory of a TIFF or BigTIFF file, or of EXIF data, which are laid out alike.
 *
 * <p>Values are looked up where they lie in the file, and only as many as are asked for: a count
 * that the file cannot hold is refused before anything is allocated for it.
 */
final class TiffDirectory {

  private static final int BIG = 43;
  private static final int MAX_ENTRIES = 4096;

  /** Bytes of a value by its type's number; 0: no such type. */
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

  private final ByteBuffer file;
  private final Map<Integer, Entry> entries = new HashMap<>();

  private record Entry(int type, long count, long at) {}

  /**
   * Reads the directory.
   *
   * @throws UnreadableImageException if it does not lie in the file
   */
  TiffDirectory(byte[] bytes) throws UnreadableImageException {
    file = ByteBuffer.wrap(bytes);
    if (bytes.length < 8) {
      throw truncated();
    }
    file.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    boolean big = file.getShort(2) == BIG;
    int offsetBytes = big ? 8 : 4;
    int entryBytes = big ? 20 : 12;
    long start = offset(big ? 8 : 4, offsetBytes);
    int countBytes = big ? 8 : 2;
    requireInside(start, countBytes);
    long count = big ? file.getLong((int) start) : Short.toUnsignedInt(file.getShort((int) start));
    if (count < 0 || count > MAX_ENTRIES) {
      throw ImageDecoder.corrupt("the TIFF directory announces " + count + " entries");
    }
    requireInside(start + countBytes, count * entryBytes);
    for (int i = 0; i < count; i++) {
      int at = (int) start + countBytes + i * entryBytes;
      entry(at, offsetBytes);
    }
  }

  private void entry(int at, int offsetBytes) throws UnreadableImageException {
    int tag = Short.toUnsignedInt(file.getShort(at));
    int type = Short.toUnsignedInt(file.getShort(at + 2));
    long count = offset(at + 4, offsetBytes);
    if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0 || count <= 0) {
      return;
    }
    int valueAt = at + 4 + offsetBytes;
    boolean inline = count <= offsetBytes / TYPE_BYTES[type];
    entries.putIfAbsent(
        tag, new Entry(type, count, inline ? valueAt : offset(valueAt, offsetBytes)));
  }

  boolean isLittleEndian() {
    return file.order() == ByteOrder.LITTLE_ENDIAN;
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** How many values a tag has; 0 without it. */
  long count(int tag) {
    Entry entry = entries.get(tag);
    return entry == null ? 0 : entry.count();
  }

  /** The first value of a tag, or what stands for a missing one. */
  long value(int tag, long missing) throws UnreadableImageException {
    return has(tag) ? values(tag, 1)[0] : missing;
  }

  /** The first values of a tag, which must have so many. */
  long[] values(int tag, int count) throws UnreadableImageException {
    Entry entry = entries.get(tag);
    if (entry == null || entry.count() < count) {
      throw ImageDecoder.corrupt("the TIFF has too few values of tag " + tag);
    }
    int bytes = TYPE_BYTES[entry.type()];
    requireInside(entry.at(), (long) count * bytes);
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      int at = (int) entry.at() + i * bytes;
      values[i] =
          switch (bytes) {
            case 1 -> Byte.toUnsignedInt(file.get(at));
            case 2 -> Short.toUnsignedInt(file.getShort(at));
            case 4 -> Integer.toUnsignedLong(file.getInt(at));
            default -> file.getLong(at);
          };
    }
    return values;
  }

  /** All bytes of a tag, as they lie in the file. */
  byte[] bytes(int tag) throws UnreadableImageException {
    Entry entry = entries.get(tag);
    long length = entry.count() * TYPE_BYTES[entry.type()];
    requireInside(entry.at(), length);
    byte[] bytes = new byte[(int) length];
    file.get((int) entry.at(), bytes);
    return bytes;
  }

  private long offset(int at, int bytes) throws UnreadableImageException {
    requireInside(at, bytes);
    return bytes == 8 ? file.getLong(at) : Integer.toUnsignedLong(file.getInt(at));
  }

  private void requireInside(long at, long length) throws UnreadableImageException {
    if (at < 0 || length < 0 || at > file.capacity() || length > file.capacity() - at) {
      throw truncated();
    }
  }

  static UnreadableImageException truncated() {
    return ImageDecoder.corrupt("the TIFF points at data beyond its end");
  }
}
