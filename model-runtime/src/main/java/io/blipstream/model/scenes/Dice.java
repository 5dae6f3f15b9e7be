package io.blipstream.model.scenes;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A seeded source of choices. What (seed, stream, index) gives never depends on what was asked
 * before, so a sample can be made again by its number alone.
 */
final class Dice {
  private final SplittableRandom random;

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Dice for sample {@code index} of {@code stream}; equal arguments give equal rolls. */
  static Dice of(long seed, long stream, long index) {
    long mixed = mix(mix(mix(seed) ^ stream) ^ index);
    return new Dice(new SplittableRandom(mixed));
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbouring numbers become unlike. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    return random.nextLong();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Uniform in [from, to). */
  double between(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** Uniform in 0 .. bound - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  <E extends Enum<E>> E pick(Class<E> type) {
    E[] choices = type.getEnumConstants();
    return choices[random.nextInt(choices.length)];
  }

  /** Any constant but {@code except}, each as likely. */
  <E extends Enum<E>> E pickOther(E except) {
    E[] choices = except.getDeclaringClass().getEnumConstants();
    E last = choices[choices.length - 1];
    E choice = choices[random.nextInt(choices.length - 1)];
    return choice == except ? last : choice;
  }

  /** The number of the chosen weight; weights are positive and need no common sum. */
  int weighted(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double left = random.nextDouble() * sum;
    for (int i = 0; i < weights.length - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }
}
