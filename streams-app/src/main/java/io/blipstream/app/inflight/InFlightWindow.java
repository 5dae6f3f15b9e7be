package io.blipstream.app.inflight;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/**
 * The records of one task that await their outcome, in the order they arrived.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>Records leave only from the head and only with an outcome: order out is order in, whatever
 *       the order of the results.
 *   <li>Only the task's stream thread adds, removes and closes; other threads only settle records,
 *       which wakes the stream thread if it waits.
 *   <li>A record is removed after its outcome was forwarded, not before: if forwarding throws, it
 *       is still there.
 *   <li>Closing settles every record still open, so a late result finds nothing to change.
 * </ol>
 *
 * @param <R> the outcome
 */
final class InFlightWindow<R> {

  private final int maxRecords;
  private final ByteBudget budget;
  private final ArrayDeque<InFlight<R>> records = new ArrayDeque<>();
  private final Thread owner = Thread.currentThread();
  private long bytes;

  InFlightWindow(int maxRecords, ByteBudget budget) {
    this.maxRecords = maxRecords;
    this.budget = budget;
    budget.join();
  }

  /** Whether a record of this size stays within both bounds; an empty window takes any one. */
  boolean hasRoomFor(long recordBytes) {
    return records.isEmpty()
        || (records.size() < maxRecords && bytes + recordBytes <= budget.shareBytes());
  }

  InFlight<R> add(
      TopicPartition partition,
      long offset,
      long timestamp,
      Headers headers,
      Optional<byte[]> key,
      Optional<byte[]> value) {
    InFlight<R> record =
        new InFlight<>(partition, offset, timestamp, headers, key, value, this::wakeOwner);
    records.addLast(record);
    bytes += record.sizeInBytes();
    return record;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  int size() {
    return records.size();
  }

  long sizeInBytes() {
    return bytes;
  }

  /** The oldest record, if it has its outcome. */
  Optional<InFlight<R>> settledHead() {
    InFlight<R> head = records.peekFirst();
    return head == null || head.isOpen() ? Optional.empty() : Optional.of(head);
  }

  /** The oldest record. */
  Optional<InFlight<R>> head() {
    return Optional.ofNullable(records.peekFirst());
  }

  /** The newest record. */
  Optional<InFlight<R>> tail() {
    return Optional.ofNullable(records.peekLast());
  }

  void removeHead() {
    bytes -= records.removeFirst().sizeInBytes();
  }

  /** Whether the newest record is this one. */
  boolean endsWith(TopicPartition partition, long offset) {
    InFlight<R> tail = records.peekLast();
    return tail != null && tail.offset() == offset && tail.partition().equals(partition);
  }

  /**
   * Waits until the head is settled, for so long at most. Returns early when interrupted, leaving
   * the interrupt for Kafka Streams to see.
   *
   * @return nanoseconds waited
   */
  long awaitHead(long maxNanos) {
    long start = System.nanoTime();
    InFlight<R> head = records.peekFirst();
    long waited = 0;
    while (head != null
        && head.isOpen()
        && waited < maxNanos
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, maxNanos - waited);
      waited = System.nanoTime() - start;
    }
    return waited;
  }

  /** Drops every record; results that come later are refused. */
  void close() {
    records.forEach(InFlight::close);
    records.clear();
    bytes = 0;
    budget.leave();
  }

  private void wakeOwner() {
    LockSupport.unpark(owner);
  }
}
