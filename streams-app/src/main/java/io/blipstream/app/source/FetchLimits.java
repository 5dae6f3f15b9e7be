package io.blipstream.app.source;

import java.time.Duration;

/**
 * How much one image link may cost.
 *
 * @param time from the first name look-up to the last byte, over all redirects and retries
 * @param bytes the most an image may have
 * @param redirects how many are followed
 * @param retries how often a passing failure (no connection, 429, 502, 503, 504) is tried again
 */
public record FetchLimits(Duration time, int bytes, int redirects, int retries) {

  /** Ten seconds, 16 MiB, five redirects, two retries. */
  public static final FetchLimits DEFAULT = new FetchLimits(Duration.ofSeconds(10), 16 << 20, 5, 2);

  public FetchLimits {
    if (time.isNegative() || time.isZero() || bytes < 1 || redirects < 0 || retries < 0) {
      throw new IllegalArgumentException(
          "Limits on fetching links must be positive (redirects and retries may be 0), but are"
              + " time %s, bytes %d, redirects %d, retries %d."
                  .formatted(time, bytes, redirects, retries));
    }
  }
}
