package io.blipstream.model.generate;

import java.util.Arrays;

/** A caption as it grows, of bounded length. */
final class TokenSequence {

  private final long[] tokens;
  private int length;

  TokenSequence(long[] start, int maxLength) {
    tokens = Arrays.copyOf(start, maxLength);
    length = start.length;
  }

  private TokenSequence(TokenSequence other) {
    tokens = other.tokens.clone();
    length = other.length;
  }

  void add(long token) {
    tokens[length++] = token;
  }

  /** A longer one; this stays as it is. */
  TokenSequence with(long token) {
    TokenSequence longer = new TokenSequence(this);
    longer.add(token);
    return longer;
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
