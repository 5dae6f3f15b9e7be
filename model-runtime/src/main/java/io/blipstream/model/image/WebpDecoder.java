package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * WebP by libwebp, behind our own walk over the chunks.
 *
 * <p>The walk requires every chunk to lie in the file, finds the size in each of the headers that
 * state it, and passes on a file of one chunk: the pixels of the image, or of an animation's first
 * frame, which is then drawn on its canvas (black outside of it, as in Pillow, where it is
 * transparent). Alpha planes, profiles and metadata are never opened.
 *
 * <p>Source: the WebP container specification; RFC 6386 (VP8) 9.1; the WebP lossless specification.
 */
final class WebpDecoder {

  private static final int RIFF_HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int CANVAS_BYTES = 10;
  private static final int FRAME_HEADER_BYTES = 16;
  private static final int VP8_HEADER_BYTES = 10;
  private static final int VP8L_HEADER_BYTES = 5;
  private static final int SIDE_MASK = 0x3fff;

  private final byte[] in;
  private final ByteBuffer buffer;
  private final ImageLimits limits;
  private int canvasWidth = -1;
  private int canvasHeight = -1;

  private WebpDecoder(byte[] in, ImageLimits limits) {
    this.in = in;
    this.buffer = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
    this.limits = limits;
  }

  static RgbImage decode(byte[] encoded, ImageLimits limits) throws UnreadableImageException {
    return new WebpDecoder(encoded, limits).firstFrame();
  }

  private RgbImage firstFrame() throws UnreadableImageException {
    if (in.length < RIFF_HEADER_BYTES) {
      throw truncated();
    }
    long end = Integer.toUnsignedLong(buffer.getInt(4)) + CHUNK_HEADER_BYTES;
    if (end > in.length) {
      throw truncated();
    }
    RgbImage[] first = new RgbImage[1];
    walk(RIFF_HEADER_BYTES, (int) end, (type, at, length) -> top(first, type, at, length));
    if (first[0] == null) {
      throw ImageDecoder.corrupt("the WebP has no image data");
    }
    return first[0];
  }

  /** A chunk of the file itself. All are walked, so that a cut is found wherever it is. */
  private void top(RgbImage[] first, String type, int at, int length)
      throws UnreadableImageException {
    switch (type) {
      case "VP8X" -> {
        require(length >= CANVAS_BYTES && first[0] == null && canvasWidth < 0);
        canvasWidth = u24(at + 4) + 1;
        canvasHeight = u24(at + 7) + 1;
        limits.requireSize(canvasWidth, canvasHeight);
      }
      case "VP8 ", "VP8L" -> {
        if (first[0] == null) {
          first[0] = pixels(type, at, length);
          require(canvasWidth < 0 || isSize(first[0], canvasWidth, canvasHeight));
        }
      }
      case "ANMF" -> {
        if (first[0] == null) {
          first[0] = frame(at, length);
        }
      }
      default -> {
        // Metadata, alpha, and what later versions may add.
      }
    }
  }

  private RgbImage frame(int at, int length) throws UnreadableImageException {
    require(length >= FRAME_HEADER_BYTES && canvasWidth > 0);
    int left = 2 * u24(at);
    int top = 2 * u24(at + 3);
    int width = u24(at + 6) + 1;
    int height = u24(at + 9) + 1;
    require(left + (long) width <= canvasWidth && top + (long) height <= canvasHeight);
    RgbImage[] frame = new RgbImage[1];
    walk(
        at + FRAME_HEADER_BYTES,
        at + length,
        (type, from, bytes) -> {
          if (frame[0] == null && (type.equals("VP8 ") || type.equals("VP8L"))) {
            frame[0] = pixels(type, from, bytes);
          }
        });
    require(frame[0] != null && isSize(frame[0], width, height));
    if (width == canvasWidth && height == canvasHeight) {
      return frame[0];
    }
    byte[] canvas = new byte[canvasWidth * canvasHeight * RgbImage.CHANNELS];
    int stride = width * RgbImage.CHANNELS;
    for (int y = 0; y < height; y++) {
      int to = ((top + y) * canvasWidth + left) * RgbImage.CHANNELS;
      System.arraycopy(frame[0].rgb(), y * stride, canvas, to, stride);
    }
    return new RgbImage(canvasWidth, canvasHeight, canvas);
  }

  private RgbImage pixels(String type, int at, int length) throws UnreadableImageException {
    int width;
    int height;
    if (type.equals("VP8L")) {
      require(length >= VP8L_HEADER_BYTES && in[at] == 0x2f && (in[at + 4] & 0xe0) == 0);
      int sizes = buffer.getInt(at + 1);
      width = (sizes & SIDE_MASK) + 1;
      height = (sizes >> 14 & SIDE_MASK) + 1;
    } else {
      // A key frame (bit 0 is 0), and the start code.
      require(length >= VP8_HEADER_BYTES && (in[at] & 1) == 0);
      require(in[at + 3] == (byte) 0x9d && in[at + 4] == 1 && in[at + 5] == 0x2a);
      width = buffer.getShort(at + 6) & SIDE_MASK;
      height = buffer.getShort(at + 8) & SIDE_MASK;
    }
    limits.requireSize(width, height);
    return new RgbImage(width, height, NativeCodecs.webp(alone(type, at, length), width, height));
  }

  /** The chunk as a file of its own. */
  private byte[] alone(String type, int at, int length) {
    int padded = length + (length & 1);
    ByteBuffer file =
        ByteBuffer.allocate(RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII));
    file.putInt(file.capacity() - CHUNK_HEADER_BYTES);
    file.put(("WEBP" + type).getBytes(StandardCharsets.US_ASCII));
    file.putInt(length);
    file.put(in, at, length);
    return file.array();
  }

  /** Visits the chunks of a range, each of which must lie in it. */
  private void walk(int from, int end, Visitor visitor) throws UnreadableImageException {
    // One byte too few for a header is the padding that some writers put at the end.
    for (int at = from; at + 1 < end; ) {
      if (at + CHUNK_HEADER_BYTES > end) {
        throw truncated();
      }
      long length = Integer.toUnsignedLong(buffer.getInt(at + 4));
      if (length > end - at - CHUNK_HEADER_BYTES) {
        throw truncated();
      }
      String type = new String(in, at, 4, StandardCharsets.ISO_8859_1);
      visitor.visit(type, at + CHUNK_HEADER_BYTES, (int) length);
      at += CHUNK_HEADER_BYTES + (int) (length + (length & 1));
    }
  }

  /** Takes a chunk: its type, and where its payload lies. */
  @FunctionalInterface
  private interface Visitor {
    void visit(String type, int at, int length) throws UnreadableImageException;
  }

  private int u24(int at) {
    return (in[at] & 0xff) | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff) << 16;
  }

  private static boolean isSize(RgbImage image, int width, int height) {
    return image.width() == width && image.height() == height;
  }

  private static void require(boolean holds) throws UnreadableImageException {
    if (!holds) {
      throw ImageDecoder.corrupt("the WebP's headers are damaged or contradict each other");
    }
  }

  private static UnreadableImageException truncated() {
    return ImageDecoder.corrupt("the WebP ends before its last chunk");
  }
}
