package io.blipstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file opened to be mapped into memory piece by piece, little-endian; it may be of any size. */
final class MappedFile implements AutoCloseable {

  /** A mapping holds 2 GiB at most. */
  static final int SEGMENT_BYTES = 1 << 30;

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private MappedFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  static MappedFile open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new CheckpointException(path + " is a folder, but a file is needed.");
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new MappedFile(path, channel, channel.size());
    } catch (NoSuchFileException e) {
      throw new CheckpointException(path + " is missing.", e);
    }
  }

  Path path() {
    return path;
  }

  /** Bytes, as of when it was opened. */
  long size() {
    return size;
  }

  /** Maps bytes that the caller knows to lie inside the file, one segment of them at most. */
  ByteBuffer map(long position, long bytes) throws IOException {
    return channel
        .map(FileChannel.MapMode.READ_ONLY, position, bytes)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Maps bytes as {@link #map}, or says that the file ends before them. */
  ByteBuffer require(long position, long bytes, String what) throws IOException {
    if (position < 0 || bytes < 0 || position > size - bytes) {
      throw new CheckpointException(
          "%s ends before its %s; it is cut off or damaged, fetch it again.".formatted(path, what));
    }
    return map(position, bytes);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
