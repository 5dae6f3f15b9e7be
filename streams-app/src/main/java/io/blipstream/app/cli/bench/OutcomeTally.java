package io.blipstream.app.cli.bench;

/**
 * How many outcomes each of the numbered inputs has: one confidence each, and one caption or reject
 * for each of its texts.
 */
public final class OutcomeTally {

  private final byte[] confidences;
  private final byte[] texts;
  private long strangers;

  /**
   * @param inputs how many there were, numbered from 0
   */
  public OutcomeTally(int inputs) {
    confidences = new byte[inputs];
    texts = new byte[inputs];
  }

  /** A confidence record with this key was read. */
  public void confidence(byte[] key) {
    count(confidences, key);
  }

  /** A caption or reject with this key was read. */
  public void text(byte[] key) {
    count(texts, key);
  }

  private void count(byte[] counts, byte[] key) {
    int number = BenchEvents.number(key).orElse(-1);
    if (number < 0 || number >= counts.length) {
      strangers++;
    } else if (counts[number] < Byte.MAX_VALUE) {
      counts[number]++;
    }
  }

  /** Records that are missing. */
  public long lost() {
    return off(-1);
  }

  /** Records that are there once more than they should, or belong to no input. */
  public long duplicated() {
    return strangers + off(1);
  }

  private long off(int direction) {
    long sum = 0;
    for (int i = 0; i < texts.length; i++) {
      sum += Math.max(0, direction * (confidences[i] - 1));
      sum += Math.max(0, direction * (texts[i] - BenchEvents.TEXTS));
    }
    return sum;
  }
}
