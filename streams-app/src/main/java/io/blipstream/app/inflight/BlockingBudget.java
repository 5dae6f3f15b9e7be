package io.blipstream.app.inflight;

import java.time.Duration;

/**
 * How long a stream thread may still wait for results before it must get back to its commit.
 *
 * <p>An open transaction is aborted by the broker after {@code transaction.timeout.ms}, and every
 * task of the thread shares that one transaction. So the time waited is summed over all tasks of
 * the thread since its last commit, not per call: ten tasks that each wait a little are one long
 * wait.
 */
public final class BlockingBudget {

  private final long limitNanos;
  private final ThreadLocal<long[]> spentNanos = ThreadLocal.withInitial(() -> new long[1]);

  public BlockingBudget(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** Nanoseconds that the calling thread may still wait before its next commit, at least 0. */
  long remainingNanos() {
    return Math.max(0, limitNanos - spentNanos.get()[0]);
  }

  void spend(long nanos) {
    spentNanos.get()[0] += nanos;
  }

  /** The calling thread commits: the next transaction starts with a full budget. */
  void renew() {
    spentNanos.get()[0] = 0;
  }
}
