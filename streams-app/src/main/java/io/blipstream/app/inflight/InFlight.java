package io.blipstream.app.inflight;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/**
 * One record between its arrival and its outcome, with everything that the outcome needs of it:
 * forwarding from a punctuator has no record context of its own.
 *
 * <p>It is settled exactly once, by one compare-and-set: completed with an outcome, failed, or
 * closed with its task. Whoever comes later is told so and changes nothing.
 *
 * @param <R> the outcome
 */
public final class InFlight<R> {

  /** The fixed costs of an entry that a byte bound should not overlook: objects and references. */
  private static final long OVERHEAD_BYTES = 256;

  private sealed interface State<R> {}

  private record Open<R>() implements State<R> {}

  private record Completed<R>(R outcome) implements State<R> {}

  private record Failed<R>(Throwable cause) implements State<R> {}

  private record Closed<R>() implements State<R> {}

  private final TopicPartition partition;
  private final long offset;
  private final long timestamp;
  private final Headers headers;
  private final Optional<byte[]> key;
  private final Optional<byte[]> value;
  private final Runnable whenSettled;
  private final long since = System.nanoTime();
  private final State<R> open = new Open<>();
  private final AtomicReference<State<R>> state = new AtomicReference<>(open);

  InFlight(
      TopicPartition partition,
      long offset,
      long timestamp,
      Headers headers,
      Optional<byte[]> key,
      Optional<byte[]> value,
      Runnable whenSettled) {
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.headers = headers;
    this.key = key;
    this.value = value;
    this.whenSettled = whenSettled;
  }

  public TopicPartition partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  /** The input's timestamp, milliseconds since the epoch; its outputs carry the same. */
  public long timestamp() {
    return timestamp;
  }

  /** Not to be changed: they pass through to the outputs. */
  public Headers headers() {
    return headers;
  }

  /** When it was read, by {@link System#nanoTime}. */
  public long since() {
    return since;
  }

  /** The key's bytes as read; not to be changed. */
  public Optional<byte[]> key() {
    return key;
  }

  /** The value's bytes as read; not to be changed. */
  public Optional<byte[]> value() {
    return value;
  }

  /** Whether an outcome is still wanted; work for a record that is not open may be skipped. */
  public boolean isOpen() {
    return state.get() == open;
  }

  /** Gives the outcome; false if the record was settled before. Callable from any thread. */
  public boolean complete(R outcome) {
    return settle(new Completed<>(outcome));
  }

  /**
   * Gives up on this record and with it on the task's thread: nothing is forwarded or committed,
   * and the next owner reads the record again. For failures of the process, never of the record.
   */
  public boolean fail(Throwable cause) {
    return settle(new Failed<>(cause));
  }

  /** The task is gone; a result that comes later is dropped. */
  boolean close() {
    return settle(new Closed<>());
  }

  /**
   * The outcome, once there is one.
   *
   * @throws InFlightFailedException if the record has failed
   */
  Optional<R> outcome() {
    State<R> now = state.get();
    if (now instanceof Completed<R> completed) {
      return Optional.of(completed.outcome());
    }
    if (now instanceof Failed<R> failed) {
      throw new InFlightFailedException(
          "Could not process " + partition + " offset " + offset + ": " + failed.cause(),
          failed.cause());
    }
    return Optional.empty();
  }

  /** Memory held for this record while it is in flight, in bytes. */
  long sizeInBytes() {
    return sizeInBytes(key, value);
  }

  static long sizeInBytes(Optional<byte[]> key, Optional<byte[]> value) {
    return OVERHEAD_BYTES + key.map(k -> k.length).orElse(0) + value.map(v -> v.length).orElse(0);
  }

  private boolean settle(State<R> settled) {
    boolean first = state.compareAndSet(open, settled);
    if (first) {
      whenSettled.run();
    }
    return first;
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
