package io.blipstream.app.inflight;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.TopicPartition;

/** Sums over all windows of this process; written by stream threads, read by anyone. */
public final class InFlightGauge {

  private final AtomicLong records = new AtomicLong();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder forwarded = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder overflows = new LongAdder();
  private final ConcurrentMap<TopicPartition, TaskGauge> tasks = new ConcurrentHashMap<>();

  /** The partition has a new task; what an earlier one showed is void. */
  TaskGauge opened(TopicPartition partition) {
    TaskGauge task = new TaskGauge(partition);
    tasks.put(partition, task);
    return task;
  }

  /** A task that another thread of this process has taken over by now stays. */
  void closed(TaskGauge task) {
    tasks.remove(task.partition(), task);
  }

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

  /** The windows of this process, by partition. */
  public List<TaskStatistics> tasks() {
    return tasks.values().stream()
        .map(TaskGauge::snapshot)
        .sorted(
            Comparator.comparing(TaskStatistics::topic).thenComparing(TaskStatistics::partition))
        .toList();
  }

  public InFlightStatistics snapshot() {
    return new InFlightStatistics(
        records.get(), started.get(), bytes.get(), forwarded.sum(), dropped.sum(), overflows.sum());
  }
}
