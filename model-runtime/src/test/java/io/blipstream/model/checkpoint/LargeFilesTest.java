package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of more than 4 GB, all holes but for their ends: they take no room on the disk. */
class LargeFilesTest {

  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @Test
  void shouldReadSafetensorsBeyondAnyOffsetOf32Bits() throws IOException {
    Path file = folder.resolve("large.safetensors");
    long middle = 5 * GIB;
    String json =
        ("{'first':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                + "'hole':{'dtype':'U8','shape':[%d],'data_offsets':[8,%d]},"
                + "'last':{'dtype':'F32','shape':[2],'data_offsets':[%d,%d]}}")
            .formatted(middle, 8 + middle, 8 + middle, 16 + middle)
            .replace('\'', '"');
    ByteBuffer head = little(8 + json.length() + 8);
    head.putLong(json.length()).put(json.getBytes(StandardCharsets.US_ASCII));
    head.putFloat(1f).putFloat(2f);
    ByteBuffer tail = little(8).putFloat(3f).putFloat(4f);
    write(file, head, 8L + json.length() + 8 + middle, tail);
    try (TensorSource source = SafetensorsFile.open(file)) {
      assertThat(source.readFloats("first")).containsExactly(1, 2);
      assertThat(source.readFloats("last")).containsExactly(3, 4);
    }
  }

  /**
   * A zip64 archive that torch wrote, 4 GB of it a hole that was cut out so that the rest is small.
   */
  @Test
  void shouldReadTorchArchivesBeyond4Gigabytes() throws IOException {
    Path file = folder.resolve("large.pt");
    ByteBuffer parts = ByteBuffer.wrap(gunzip("large.pt.parts.gz")).order(ByteOrder.LITTLE_ENDIAN);
    long tailPosition = parts.getLong();
    int headBytes = parts.getInt();
    ByteBuffer head = parts.slice(parts.position(), headBytes);
    ByteBuffer tail = parts.slice(parts.position() + headBytes, parts.remaining() - headBytes);
    head.position(head.limit());
    tail.position(tail.limit());
    write(file, head, tailPosition, tail);
    assertThat(Files.size(file)).isGreaterThan(4 * GIB);
    try (TensorSource source = TorchFile.open(file)) {
      assertThat(source.names()).containsExactly("first", "hole", "last");
      assertThat(source.readFloats("first")).containsExactly(1, 2);
      assertThat(source.readFloats("last")).containsExactly(3, 4);
      assertThat(source.tensor("hole").elements()).isGreaterThan(GIB);
    }
  }

  private static byte[] gunzip(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(TorchFiles.path(name)))) {
      var out = new ByteArrayOutputStream();
      in.transferTo(out);
      return out.toByteArray();
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void write(Path file, ByteBuffer head, long tailPosition, ByteBuffer tail)
      throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      out.write(head.flip(), 0);
      out.write(tail.flip(), tailPosition);
    }
  }
}
