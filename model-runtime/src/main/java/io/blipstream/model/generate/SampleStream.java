package io.blipstream.model.generate;

import java.nio.charset.StandardCharsets;

/**
 * The random numbers of one text, fixed by the image's id and the candidate's number alone: not by
 * batch, order, time or engine. Part of what a replay relies on, so it must never change.
 *
 * <p>The seed is the 64-bit FNV-1a hash of the id's UTF-8 bytes, of a byte 0xFF (which no UTF-8
 * text has) and of the candidate's number, big-endian, in four bytes; it goes through SplitMix64's
 * finaliser once. The numbers are SplitMix64's (Steele, Lea, Flood 2014) from that seed, their
 * upper 53 bits as a fraction.
 */
final class SampleStream {

  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int SEPARATOR = 0xFF;

  private long state;

  SampleStream(String imageId, int candidate) {
    long hash = FNV_OFFSET;
    for (byte b : imageId.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    hash = (hash ^ SEPARATOR) * FNV_PRIME;
    for (int shift = 24; shift >= 0; shift -= 8) {
      hash = (hash ^ ((candidate >>> shift) & 0xFF)) * FNV_PRIME;
    }
    // Neighbouring seeds would give the same numbers, one further on.
    state = mix(hash);
  }

  /** The next number, uniform in [0, 1). */
  double next() {
    state += GOLDEN_GAMMA;
    return (mix(state) >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
