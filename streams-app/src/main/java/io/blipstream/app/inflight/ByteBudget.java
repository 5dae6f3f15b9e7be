package io.blipstream.app.inflight;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of input that may be in flight in this process, shared out evenly between its tasks.
 *
 * <p>An even share, not first come first served: a busy partition cannot take the room of its
 * siblings. Each task may always hold one record, however large, so the sum is bounded by the total
 * plus one record a task.
 */
public final class ByteBudget {

  private final long totalBytes;
  private final AtomicInteger tasks = new AtomicInteger();

  public ByteBudget(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  void join() {
    tasks.incrementAndGet();
  }

  void leave() {
    tasks.decrementAndGet();
  }

  long shareBytes() {
    return totalBytes / Math.max(1, tasks.get());
  }
}
