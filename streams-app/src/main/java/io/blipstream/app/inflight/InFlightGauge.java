package io.blipstream.app.inflight;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Sums over all windows of this process; written by stream threads, read by anyone. */
public final class InFlightGauge {

  private final AtomicLong records = new AtomicLong();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder forwarded = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder overflows = new LongAdder();

  void added(long recordBytes) {
    records.incrementAndGet();
    bytes.addAndGet(recordBytes);
  }

  void started() {
    started.incrementAndGet();
  }

  void forwarded(long recordBytes) {
    records.decrementAndGet();
    started.decrementAndGet();
    bytes.addAndGet(-recordBytes);
    forwarded.increment();
  }

  void dropped(int droppedRecords, int droppedStarted, long droppedBytes) {
    records.addAndGet(-droppedRecords);
    started.addAndGet(-droppedStarted);
    bytes.addAndGet(-droppedBytes);
    dropped.add(droppedRecords);
  }

  void overflowed() {
    overflows.increment();
  }

  public InFlightStatistics snapshot() {
    return new InFlightStatistics(
        records.get(), started.get(), bytes.get(), forwarded.sum(), dropped.sum(), overflows.sum());
  }
}
