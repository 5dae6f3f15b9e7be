package io.blipstream.model.generate;

import java.util.Arrays;

/** A caption as it grows, of bounded length. */
final class TokenSequence {

  private final long[] tokens;
  private int length;

  TokenSequence(long[] start, int maxLength) {
    if (start.length == 0 || start.length >= maxLength) {
      throw new IllegalArgumentException(
          "%d start tokens leave no room for a caption of at most %d tokens"
              .formatted(start.length, maxLength));
    }
    tokens = Arrays.copyOf(start, maxLength);
    length = start.length;
  }

  void add(long token) {
    tokens[length++] = token;
  }

  int token(int index) {
    return Math.toIntExact(tokens[index]);
  }

  int length() {
    return length;
  }

  boolean full() {
    return length == tokens.length;
  }

  long[] toArray() {
    return Arrays.copyOf(tokens, length);
  }
}
