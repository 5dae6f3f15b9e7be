package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * PNG by the JDK's reader, behind our own walk over the chunks.
 *
 * <p>The walk requires right checksums and the end chunk, finds the size, and passes on only
 * header, palette and image data: transparency is dropped, and compressed texts and profiles (which
 * may unpack to gigabytes) are never opened.
 */
final class PngDecoder {

  private static final int SIGNATURE_BYTES = 8;
  private static final int CHUNK_OVERHEAD = 12;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int IHDR_BYTES = 13;

  /** Bit 5 of a type's first letter; such a chunk may be skipped by who does not know it. */
  private static final int ANCILLARY = 0x20000000;

  private PngDecoder() {}

  static RgbImage decode(byte[] encoded, ImageLimits limits) throws UnreadableImageException {
    byte[] stripped = walk(encoded, limits);
    return Pixels.rgb(JdkReader.read("png", stripped, warning -> true));
  }

  private static byte[] walk(byte[] in, ImageLimits limits) throws UnreadableImageException {
    ByteBuffer buffer = ByteBuffer.wrap(in);
    var stripped = new ByteArrayOutputStream(in.length);
    stripped.write(in, 0, SIGNATURE_BYTES);
    CRC32 crc = new CRC32();
    boolean hasData = false;
    for (int at = SIGNATURE_BYTES; ; ) {
      if (at + CHUNK_OVERHEAD > in.length) {
        throw ImageDecoder.corrupt("the PNG ends before its end chunk");
      }
      int length = buffer.getInt(at);
      int type = buffer.getInt(at + 4);
      if (length < 0 || length > in.length - at - CHUNK_OVERHEAD) {
        throw ImageDecoder.corrupt("a PNG chunk is longer than the file");
      }
      if ((at == SIGNATURE_BYTES) != (type == IHDR)) {
        throw ImageDecoder.corrupt("the PNG does not start with one header");
      }
      if ((type & ANCILLARY) == 0) {
        crc.reset();
        crc.update(in, at + 4, length + 4);
        if ((int) crc.getValue() != buffer.getInt(at + 8 + length)) {
          throw ImageDecoder.corrupt("a PNG chunk has a wrong checksum");
        }
        if (type == IHDR) {
          requireHeader(buffer, at + 8, length, limits);
        } else if (type != PLTE && type != IDAT && type != IEND) {
          throw ImageDecoder.corrupt("the PNG has an unknown chunk that it calls critical");
        }
        hasData |= type == IDAT;
        stripped.write(in, at, length + CHUNK_OVERHEAD);
      }
      if (type == IEND) {
        break;
      }
      at += length + CHUNK_OVERHEAD;
    }
    if (!hasData) {
      throw ImageDecoder.corrupt("the PNG has no image data");
    }
    return stripped.toByteArray();
  }

  private static void requireHeader(ByteBuffer in, int at, int length, ImageLimits limits)
      throws UnreadableImageException {
    if (length != IHDR_BYTES) {
      throw ImageDecoder.corrupt("the PNG header has a wrong length");
    }
    limits.requireSize(
        Integer.toUnsignedLong(in.getInt(at)), Integer.toUnsignedLong(in.getInt(at + 4)));
  }
}
