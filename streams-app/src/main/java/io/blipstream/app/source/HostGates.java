package io.blipstream.app.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The gates of all hosts met lately. Hosts come with the data, so only the most recent are kept: a
 * forgotten one starts anew, with no failures and, for a moment, twice its requests.
 */
final class HostGates {

  private static final int REMEMBERED = 10_000;

  /** Longer than any name that resolves, with a port behind it. */
  private static final int MAX_NAME_CHARS = 300;

  /**
   * Opens when half of the last ten requests failed, of five at least. Then one request is let
   * through after ten seconds; while that one fails, the next after twice the time, up to five
   * minutes.
   */
  static final CircuitBreakerConfig BREAKER =
      CircuitBreakerConfig.custom()
          .slidingWindowType(SlidingWindowType.COUNT_BASED)
          .slidingWindowSize(10)
          .minimumNumberOfCalls(5)
          .failureRateThreshold(50)
          .permittedNumberOfCallsInHalfOpenState(1)
          .waitIntervalFunctionInOpenState(
              IntervalFunction.ofExponentialBackoff(
                  Duration.ofSeconds(10), 2, Duration.ofMinutes(5)))
          .build();

  private final int requestsPerHost;
  private final CircuitBreakerConfig breaker;
  private final Map<String, HostGate> gates =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HostGate> eldest) {
          return size() > REMEMBERED;
        }
      };

  HostGates(int requestsPerHost, CircuitBreakerConfig breaker) {
    this.requestsPerHost = requestsPerHost;
    this.breaker = breaker;
  }

  /** The gate of a link's host and port. */
  synchronized HostGate of(URI uri) {
    return gates.computeIfAbsent(
        name(uri), name -> new HostGate(name, requestsPerHost, CircuitBreaker.of(name, breaker)));
  }

  static String name(URI uri) {
    String name = uri.getRawAuthority().toLowerCase(Locale.ROOT);
    return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
  }
}
