package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;

/**
 * TIFF's LZW: like GIF's, but codes are packed from the upper bits, their roots are bytes, and they
 * grow one code early.
 *
 * <p>Source: TIFF 6.0, section 13.
 */
final class TiffLzw implements TiffData {

  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int FIRST = 258;
  private static final int MIN_BITS = 9;
  private static final int MAX_BITS = 12;
  private static final int TABLE = 1 << MAX_BITS;

  private final byte[] in;
  private int at;
  private int bitBuffer;
  private int bitCount;

  /** String of each code: its last byte, and the code of what comes before. */
  private final byte[] suffix = new byte[TABLE];

  private final short[] prefix = new short[TABLE];

  /** What was unpacked and not yet handed out, last byte first. */
  private final byte[] pending = new byte[TABLE + 1];

  private int pendingCount;
  private int next = FIRST;
  private int bits = MIN_BITS;
  private int previous = -1;
  private byte first;

  TiffLzw(byte[] in) throws UnreadableImageException {
    this.in = in;
    if (in.length > 1 && in[0] == 0 && (in[1] & 1) != 0) {
      throw ImageDecoder.unsupported("a TIFF in the LZW packing of before 1988 is not read");
    }
    for (int i = 0; i < CLEAR; i++) {
      suffix[i] = (byte) i;
    }
  }

  @Override
  public void read(byte[] row) throws UnreadableImageException {
    for (int done = 0; done < row.length; ) {
      if (pendingCount == 0) {
        unpack();
        continue;
      }
      row[done++] = pending[--pendingCount];
    }
  }

  private void unpack() throws UnreadableImageException {
    int code = code();
    if (code == CLEAR) {
      next = FIRST;
      bits = MIN_BITS;
      previous = -1;
      return;
    }
    if (code == END) {
      throw TiffData.truncated();
    }
    boolean beforeItsDefinition = code == next && previous >= 0;
    if (code >= next && !beforeItsDefinition) {
      throw ImageDecoder.corrupt("the TIFF's data hold a code not yet defined");
    }
    int length = 0;
    int walk = code;
    if (beforeItsDefinition) {
      pending[length++] = first;
      walk = previous;
    }
    while (walk >= FIRST) {
      pending[length++] = suffix[walk];
      walk = prefix[walk];
    }
    first = (byte) walk;
    pending[length++] = first;
    pendingCount = length;
    if (previous >= 0 && next < TABLE) {
      prefix[next] = (short) previous;
      suffix[next] = first;
      next++;
      if (next == (1 << bits) - 1 && bits < MAX_BITS) {
        bits++;
      }
    }
    previous = code;
  }

  private int code() throws UnreadableImageException {
    while (bitCount < bits) {
      if (at >= in.length) {
        throw TiffData.truncated();
      }
      bitBuffer = bitBuffer << 8 | (in[at++] & 0xff);
      bitCount += 8;
    }
    bitCount -= bits;
    return bitBuffer >>> bitCount & ((1 << bits) - 1);
  }
}
