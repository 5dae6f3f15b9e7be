package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often a request that failed is made again, and after which pause: doubling from the first to
 * the longest, or what the server asks for.
 *
 * @param attempts made in a row without a byte of progress before giving up
 * @param firstPause after the first failure
 * @param longestPause that doubling leads to
 * @param patience the longest wait that a server may ask for
 */
public record Retries(int attempts, Duration firstPause, Duration longestPause, Duration patience) {

  /** Half a minute for a server that does not answer at all. */
  public static final Retries DEFAULT =
      new Retries(6, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5));

  public Retries {
    if (attempts < 1) {
      throw new IllegalArgumentException("one attempt is the least");
    }
  }

  /** One attempt of something; it may be made again after a {@link PassingFailure}. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws IOException, PassingFailure;
  }

  <T> T run(ImportListener listener, Attempt<T> attempt) throws IOException {
    return run(listener, () -> 0, attempt);
  }

  /**
   * @param progress grows with every byte that arrives; an attempt in which it grew counts as the
   *     first again
   */
  <T> T run(ImportListener listener, LongSupplier progress, Attempt<T> attempt) throws IOException {
    int failures = 0;
    long before = progress.getAsLong();
    while (true) {
      try {
        return attempt.make();
      } catch (PassingFailure failure) {
        long now = progress.getAsLong();
        failures = now > before ? 1 : failures + 1;
        before = now;
        if (failures >= attempts) {
          throw failure.outcome();
        }
        Duration pause = failure.retryAfter().orElse(doubled(failures));
        if (pause.compareTo(patience) > 0) {
          throw new ImportException(
              Kind.UNREACHABLE,
              "%s It asks to try again in %d minutes; do so."
                  .formatted(failure.outcome().getMessage(), pause.toMinutes() + 1),
              failure);
        }
        listener.retrying(failure.outcome().getMessage(), pause);
        sleep(pause);
      }
    }
  }

  private Duration doubled(int failures) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }

  private static void sleep(Duration pause) throws IOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted; run again to go on where it stopped.");
    }
  }
}
