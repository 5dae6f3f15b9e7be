package io.blipstream.app.inflight;

import java.time.Duration;

/**
 * How long a stream thread may still wait for results before it must get back to its commit.
 *
 * <p>An open transaction is aborted by the broker after {@code transaction.timeout.ms}, and every
 * task of the thread shares that one transaction. So the time waited is summed over all tasks of
 * the thread since its last commit, not per call: ten tasks that each wait a little are one long
 * wait. Once there are outcomes to commit, their readers wait, too, and the commit is only as far
 * off as it always is.
 */
public final class BlockingBudget {

  private final long limitNanos;
  private final long limitWithOutcomesNanos;
  private final ThreadLocal<Spending> spending = ThreadLocal.withInitial(Spending::new);

  /** What a thread has done since its last commit. */
  private static final class Spending {
    private long nanos;
    private boolean forwarded;
  }

  /**
   * @param limit while nothing was forwarded since the last commit
   * @param commitInterval the limit from then on, if it is less
   */
  public BlockingBudget(Duration limit, Duration commitInterval) {
    this.limitNanos = limit.toNanos();
    this.limitWithOutcomesNanos = Math.min(limitNanos, commitInterval.toNanos());
  }

  /** Nanoseconds that the calling thread may still wait before its next commit, at least 0. */
  long remainingNanos() {
    Spending now = spending.get();
    return Math.max(0, (now.forwarded ? limitWithOutcomesNanos : limitNanos) - now.nanos);
  }

  void spend(long nanos) {
    spending.get().nanos += nanos;
  }

  /** The calling thread has sent an outcome on, which its next commit makes visible. */
  void forwarded() {
    spending.get().forwarded = true;
  }

  /** Whether the calling thread has outcomes to commit. */
  boolean hasForwarded() {
    return spending.get().forwarded;
  }

  /** The calling thread commits: the next transaction starts with a full budget. */
  void renew() {
    Spending now = spending.get();
    now.nanos = 0;
    now.forwarded = false;
  }
}
