package io.blipstream.app.source;

import java.time.Duration;

/**
 * How much one image link may cost.
 *
 * @param time from the first name look-up to the last byte, over all redirects, retries and waiting
 * @param connect to reach one address of a host
 * @param bytes the most an image may have
 * @param redirects how many are followed
 * @param retries how often a passing failure (a connection refused or cut, 429, 502, 503, 504) is
 *     tried again
 * @param perHost requests that one host gets at the same time
 */
public record FetchLimits(
    Duration time, Duration connect, int bytes, int redirects, int retries, int perHost) {

  /** Ten seconds, three of them to connect, 16 MiB, five redirects, two retries, eight a host. */
  public static final FetchLimits DEFAULT =
      new FetchLimits(Duration.ofSeconds(10), Duration.ofSeconds(3), 16 << 20, 5, 2, 8);

  public FetchLimits {
    boolean lasting = isPositive(time) && isPositive(connect);
    if (!lasting || bytes < 1 || redirects < 0 || retries < 0 || perHost < 1) {
      throw new IllegalArgumentException(
          "Limits on fetching links must be positive (redirects and retries may be 0), but are"
              + " time %s, connect %s, bytes %d, redirects %d, retries %d, per host %d."
                  .formatted(time, connect, bytes, redirects, retries, perHost));
    }
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
