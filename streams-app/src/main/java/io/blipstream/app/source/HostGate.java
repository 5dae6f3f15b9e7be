package io.blipstream.app.source;

import io.blipstream.app.source.FetchException.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The way to one host: so many requests at a time, and none for a while after too many failed.
 *
 * <p>The limit is kind to the host; the breaker is kind to the stream, whose images leave in order:
 * of a dead host's images only the first few wait for the time limit, the others are refused at
 * once. A refusal costs nothing that a replay of the rejects cannot bring back.
 */
final class HostGate {

  private final String host;
  private final Semaphore requests;
  private final CircuitBreaker breaker;
  private volatile String lastFailure = "";

  HostGate(String host, int requests, CircuitBreaker breaker) {
    this.host = host;
    this.requests = new Semaphore(requests, true);
    this.breaker = breaker;
  }

  /**
   * Waits for its turn and then takes leave to ask the host once.
   *
   * @param deadline of {@link System#nanoTime()}
   * @throws FetchException if the host is not asked at present, or the turn did not come in time
   */
  Pass enter(long deadline) throws FetchException {
    try {
      if (!requests.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new FetchException(
            Reason.FETCH_TIMEOUT,
            "no turn at host %s came in time: as many requests as allowed are under way"
                .formatted(host));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException(Reason.FETCH_FAILED, "interrupted before asking host " + host, e);
    }
    // After the wait, which may have been for those that failed.
    if (!breaker.tryAcquirePermission()) {
      requests.release();
      throw new FetchException(
          Reason.FETCH_FAILED,
          "host %s was not asked, because most of the last requests to it failed (%s); it is tried"
                  .formatted(host, lastFailure)
              + " again after a while, and this image can be replayed then");
    }
    return new Pass();
  }

  /** Leave to ask once, to be given back with what came of it. */
  final class Pass implements AutoCloseable {

    private final long start = System.nanoTime();
    private boolean told;

    private Pass() {}

    /** The host is there, whatever it said. */
    void answered() {
      told = true;
      breaker.onSuccess(nanos(), TimeUnit.NANOSECONDS);
    }

    /** The host is at fault, and probably for its other images, too. */
    void failed(Exception failure) {
      told = true;
      lastFailure = String.valueOf(failure.getMessage());
      breaker.onError(nanos(), TimeUnit.NANOSECONDS, failure);
    }

    /** How long the host has had. */
    long nanos() {
      return System.nanoTime() - start;
    }

    /** Without a word on the outcome, the host is neither better nor worse for it. */
    @Override
    public void close() {
      if (!told) {
        breaker.releasePermission();
      }
      requests.release();
    }
  }
}
