package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;

/** GIF's LZW: palette indices of a frame, from data in blocks of up to 255 bytes. */
final class GifPixels {

  private static final int MAX_CODE_BITS = 12;
  private static final int TABLE = 1 << MAX_CODE_BITS;

  private final byte[] in;
  private int at;
  private int blockLeft;
  private int bitBuffer;
  private int bitCount;

  /** String of each code: its last index, and the code of what comes before. */
  private final byte[] suffix = new byte[TABLE];

  private final short[] prefix = new short[TABLE];
  private final byte[] reversed = new byte[TABLE];

  /**
   * Data to decode.
   *
   * @param at where the minimum code size stands, right behind the frame's header
   */
  GifPixels(byte[] in, int at) {
    this.in = in;
    this.at = at;
  }

  /** Reads exactly so many indices; data beyond them is ignored. */
  byte[] read(int pixels) throws UnreadableImageException {
    int rootBits = u8();
    if (rootBits < 1 || rootBits > 8) {
      throw ImageDecoder.corrupt("the GIF has codes of " + rootBits + " bits");
    }
    int clear = 1 << rootBits;
    for (int i = 0; i < clear; i++) {
      suffix[i] = (byte) i;
    }
    byte[] out = new byte[pixels];
    int next = clear + 2;
    int bits = rootBits + 1;
    int previous = -1;
    byte first = 0;
    for (int done = 0; done < pixels; ) {
      int code = code(bits);
      if (code == clear) {
        next = clear + 2;
        bits = rootBits + 1;
        previous = -1;
        continue;
      }
      if (code == clear + 1) {
        throw truncated();
      }
      if (code > next || (code == next && previous < 0)) {
        throw ImageDecoder.corrupt("the GIF data holds a code not yet defined");
      }
      int length = 0;
      int walk = code;
      if (code == next) {
        // The one code used before its definition is complete: previous string plus its own start.
        reversed[length++] = first;
        walk = previous;
      }
      while (walk >= clear) {
        reversed[length++] = suffix[walk];
        walk = prefix[walk];
      }
      first = (byte) walk;
      reversed[length++] = first;
      while (length > 0 && done < pixels) {
        out[done++] = reversed[--length];
      }
      if (previous >= 0 && next < TABLE) {
        prefix[next] = (short) previous;
        suffix[next] = first;
        next++;
        if (next == 1 << bits && bits < MAX_CODE_BITS) {
          bits++;
        }
      }
      previous = code;
    }
    return out;
  }

  private int code(int bits) throws UnreadableImageException {
    while (bitCount < bits) {
      if (blockLeft == 0) {
        blockLeft = u8();
        if (blockLeft == 0) {
          throw truncated();
        }
      }
      bitBuffer |= u8() << bitCount;
      bitCount += 8;
      blockLeft--;
    }
    int code = bitBuffer & ((1 << bits) - 1);
    bitBuffer >>>= bits;
    bitCount -= bits;
    return code;
  }

  private int u8() throws UnreadableImageException {
    if (at >= in.length) {
      throw truncated();
    }
    return in[at++] & 0xff;
  }

  static UnreadableImageException truncated() {
    return ImageDecoder.corrupt("the GIF ends before its last pixel");
  }
}
