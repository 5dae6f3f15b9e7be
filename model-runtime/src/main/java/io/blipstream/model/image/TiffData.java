package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The data of one strip or tile, unpacked a row at a time: however much a piece unpacks to, only a
 * row of it is in memory, and only as many rows as the image has are asked for.
 */
interface TiffData extends AutoCloseable {

  /**
   * Fills an array.
   *
   * @throws UnreadableImageException if the data end before
   */
  void read(byte[] row) throws UnreadableImageException;

  @Override
  default void close() {}

  /** TIFF's numbers of the packings that are read here. */
  enum Packing {
    NONE,
    LZW,
    DEFLATE,
    PACK_BITS,
    JPEG;

    static Packing of(long number) throws UnreadableImageException {
      return switch ((int) number) {
        case 1 -> NONE;
        case 5 -> LZW;
        case 7 -> JPEG;
        case 8, 32946 -> DEFLATE;
        case 32773 -> PACK_BITS;
        case 2, 3, 4 -> throw ImageDecoder.unsupported("a TIFF in a fax packing is not read");
        default -> throw ImageDecoder.unsupported("a TIFF of packing " + number + " is not read");
      };
    }
  }

  /** Opens a piece; JPEG is not read by rows. */
  static TiffData open(Packing packing, byte[] piece) throws UnreadableImageException {
    return switch (packing) {
      case NONE -> new Stored(piece);
      case LZW -> new TiffLzw(piece);
      case DEFLATE -> new Deflated(piece);
      case PACK_BITS -> new PackBits(piece);
      case JPEG -> throw new IllegalArgumentException("JPEG has no rows");
    };
  }

  static UnreadableImageException truncated() {
    return ImageDecoder.corrupt("a strip or tile of the TIFF ends before its last pixel");
  }

  /** Bytes as they are. */
  final class Stored implements TiffData {
    private final byte[] in;
    private int at;

    Stored(byte[] in) {
      this.in = in;
    }

    @Override
    public void read(byte[] row) throws UnreadableImageException {
      if (row.length > in.length - at) {
        throw truncated();
      }
      System.arraycopy(in, at, row, 0, row.length);
      at += row.length;
    }
  }

  /** zlib. */
  final class Deflated implements TiffData {
    private final Inflater inflater = new Inflater();

    Deflated(byte[] in) {
      inflater.setInput(in);
    }

    @Override
    public void read(byte[] row) throws UnreadableImageException {
      try {
        for (int done = 0; done < row.length; ) {
          int count = inflater.inflate(row, done, row.length - done);
          if (count == 0) {
            throw truncated();
          }
          done += count;
        }
      } catch (DataFormatException e) {
        throw ImageDecoder.corrupt("the TIFF's packed data are damaged: " + e.getMessage());
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  /** Runs: a count n from 0 copies n + 1 bytes, a negative one repeats a byte 1 - n times. */
  final class PackBits implements TiffData {
    private final byte[] in;
    private int at;
    private int left;
    private boolean repeats;

    PackBits(byte[] in) {
      this.in = in;
    }

    @Override
    public void read(byte[] row) throws UnreadableImageException {
      for (int done = 0; done < row.length; ) {
        if (left == 0) {
          start();
          continue;
        }
        int count = Math.min(left, row.length - done);
        if (at + (repeats ? 1 : count) > in.length) {
          throw truncated();
        }
        for (int i = 0; i < count; i++) {
          row[done++] = in[repeats ? at : at + i];
        }
        left -= count;
        if (!repeats) {
          at += count;
        } else if (left == 0) {
          at++;
        }
      }
    }

    private void start() throws UnreadableImageException {
      if (at >= in.length) {
        throw truncated();
      }
      int count = in[at++];
      if (count != Byte.MIN_VALUE) { // which says nothing
        repeats = count < 0;
        left = Math.abs(count) + 1;
      }
    }
  }
}
