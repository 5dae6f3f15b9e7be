package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The directory of a zip archive whose entries are stored, not compressed, so that they can be
 * mapped where they lie. Archives over 4 GB (zip64) are read, too. The JDK's reader does not tell
 * where an entry lies.
 */
final class ZipDirectory {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT_BYTES = 0xffff;
  private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ZIP64_FIELD = 1;

  /** Stands for "see the zip64 record" in a field of 4 bytes. */
  private static final long IN_ZIP64 = 0xffffffffL;

  /** A BLIP has some thousand entries of some 100 bytes; this is a bound for hostile files. */
  private static final int MAX_DIRECTORY_BYTES = 1 << 24;

  /** An entry: its stored bytes and where its local header lies. */
  private record Entry(long size, long header) {}

  private final MappedFile file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ZipDirectory(MappedFile file) {
    this.file = file;
  }

  static ZipDirectory read(MappedFile file) throws IOException {
    var directory = new ZipDirectory(file);
    directory.read();
    return directory;
  }

  /** Names in the archive's order. */
  Iterable<String> names() {
    return entries.keySet();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Bytes of an entry that is there. */
  long size(String name) {
    return entries.get(name).size();
  }

  /**
   * Where in the file the bytes of an entry begin, which is there.
   *
   * @throws CheckpointException if they are not all in the file
   */
  long position(String name) throws IOException {
    Entry entry = entries.get(name);
    ByteBuffer local = file.require(entry.header(), LOCAL_BYTES, "entry " + name);
    if (local.getInt(0) != LOCAL_SIGNATURE) {
      throw damaged();
    }
    long position =
        entry.header()
            + LOCAL_BYTES
            + unsigned(local, LOCAL_BYTES - 4)
            + unsigned(local, LOCAL_BYTES - 2);
    if (position > file.size() - entry.size()) {
      throw new CheckpointException(
          "%s ends before its entry %s; it is cut off or damaged, fetch it again."
              .formatted(file.path(), name));
    }
    return position;
  }

  private void read() throws IOException {
    long end = findEnd();
    ByteBuffer record = file.map(end, END_BYTES);
    long count = unsigned(record, 10);
    long bytes = record.getInt(12) & 0xffffffffL;
    long position = record.getInt(16) & 0xffffffffL;
    if (count == 0xffff || bytes == IN_ZIP64 || position == IN_ZIP64) {
      ByteBuffer locator =
          file.require(end - END64_LOCATOR_BYTES, END64_LOCATOR_BYTES, "zip64 directory");
      if (locator.getInt(0) != END64_LOCATOR_SIGNATURE) {
        throw damaged();
      }
      ByteBuffer record64 = file.require(locator.getLong(8), END64_BYTES, "zip64 directory");
      if (record64.getInt(0) != END64_SIGNATURE) {
        throw damaged();
      }
      count = record64.getLong(32);
      bytes = record64.getLong(40);
      position = record64.getLong(48);
    }
    if (bytes > MAX_DIRECTORY_BYTES) {
      throw damaged();
    }
    ByteBuffer directory = file.require(position, bytes, "zip directory");
    for (long i = 0; i < count; i++) {
      readEntry(directory);
    }
  }

  /** The end record stands last, before a comment whose length it states. */
  private long findEnd() throws IOException {
    int tail = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT_BYTES);
    ByteBuffer bytes = file.map(file.size() - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END_SIGNATURE
          && at + END_BYTES + unsigned(bytes, at + END_BYTES - 2) == tail) {
        return file.size() - tail + at;
      }
    }
    throw new CheckpointException(
        file.path() + " is a zip archive without its end; it is cut off, fetch it again.");
  }

  private void readEntry(ByteBuffer in) throws CheckpointException {
    if (in.remaining() < ENTRY_BYTES || in.getInt(in.position()) != ENTRY_SIGNATURE) {
      throw damaged();
    }
    ByteBuffer fixed = in.slice(in.position(), ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + ENTRY_BYTES);
    int nameBytes = unsigned(fixed, 28);
    int extraBytes = unsigned(fixed, 30);
    int commentBytes = unsigned(fixed, 32);
    if (in.remaining() < nameBytes + extraBytes + commentBytes) {
      throw damaged();
    }
    byte[] name = new byte[nameBytes];
    in.get(name);
    ByteBuffer extra = in.slice(in.position(), extraBytes).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + extraBytes + commentBytes);
    add(new String(name, StandardCharsets.UTF_8), fixed, extra);
  }

  private void add(String name, ByteBuffer fixed, ByteBuffer extra) throws CheckpointException {
    ByteBuffer wide = zip64Field(extra);
    // The wide values are there only for the fields that refer to them, in this order.
    long size = wideOr(fixed.getInt(24) & 0xffffffffL, wide);
    long packed = wideOr(fixed.getInt(20) & 0xffffffffL, wide);
    long header = wideOr(fixed.getInt(42) & 0xffffffffL, wide);
    boolean stored = unsigned(fixed, 10) == 0 && (unsigned(fixed, 8) & 1) == 0;
    if (!stored || size != packed) {
      throw new CheckpointException(
          "%s: entry %s is compressed or encrypted, which torch.save never does; save it anew."
              .formatted(file.path(), printable(name)));
    }
    if (size < 0 || header < 0) {
      throw damaged();
    }
    if (entries.put(name, new Entry(size, header)) != null) {
      throw new CheckpointException(
          "%s has two entries %s; it is damaged.".formatted(file.path(), printable(name)));
    }
  }

  private static ByteBuffer zip64Field(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xffff;
      int bytes = Math.min(extra.getShort() & 0xffff, extra.remaining());
      ByteBuffer field = extra.slice(extra.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (id == ZIP64_FIELD) {
        return field;
      }
      extra.position(extra.position() + bytes);
    }
    return ByteBuffer.allocate(0);
  }

  private long wideOr(long value, ByteBuffer wide) throws CheckpointException {
    if (value != IN_ZIP64) {
      return value;
    }
    if (wide.remaining() < Long.BYTES) {
      throw damaged();
    }
    return wide.getLong();
  }

  private static int unsigned(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xffff;
  }

  private static String printable(String name) {
    return name.replaceAll("[^\\x21-\\x7e]", "?");
  }

  private CheckpointException damaged() {
    return new CheckpointException(
        file.path() + " has a zip directory that is damaged; fetch it again.");
  }
}
