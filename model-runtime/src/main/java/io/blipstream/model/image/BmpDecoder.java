package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Uncompressed BMP by the JDK's reader, once the header's sizes are known to lie in the file. */
final class BmpDecoder {

  private static final int FILE_HEADER_BYTES = 14;
  private static final int CORE_HEADER_BYTES = 12;
  private static final int INFO_HEADER_BYTES = 40;
  private static final int UNCOMPRESSED = 0;
  private static final int BIT_FIELDS = 3;

  private BmpDecoder() {}

  static RgbImage decode(byte[] encoded, ImageLimits limits) throws UnreadableImageException {
    ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    if (encoded.length < FILE_HEADER_BYTES + CORE_HEADER_BYTES) {
      throw truncated();
    }
    long dataOffset = Integer.toUnsignedLong(in.getInt(10));
    int headerBytes = in.getInt(FILE_HEADER_BYTES);
    long width;
    long height;
    int bits;
    if (headerBytes == CORE_HEADER_BYTES) {
      width = Short.toUnsignedInt(in.getShort(18));
      height = Short.toUnsignedInt(in.getShort(20));
      bits = in.getShort(24);
    } else if (headerBytes >= INFO_HEADER_BYTES) {
      if (encoded.length < FILE_HEADER_BYTES + INFO_HEADER_BYTES) {
        throw truncated();
      }
      width = in.getInt(18);
      // A negative height means rows from top to bottom.
      height = Math.abs((long) in.getInt(22));
      bits = in.getShort(28);
      int compression = in.getInt(30);
      if (compression != UNCOMPRESSED && compression != BIT_FIELDS) {
        throw ImageDecoder.unsupported("a compressed BMP is not read");
      }
    } else {
      throw ImageDecoder.corrupt("the BMP header has no known length");
    }
    limits.requireSize(width, height);
    if (bits < 1 || bits > 32) {
      throw ImageDecoder.corrupt("the BMP states " + bits + " bits a pixel");
    }
    long rowBytes = (width * bits + 31) / 32 * 4;
    if (dataOffset + rowBytes * height > encoded.length) {
      throw truncated();
    }
    return Pixels.rgb(JdkReader.read("bmp", encoded, warning -> true));
  }

  private static UnreadableImageException truncated() {
    return ImageDecoder.corrupt("the BMP ends before its last pixel");
  }
}
