package io.blipstream.app.inflight;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Bounds what one stream thread has read and not answered yet, wherever it waits, in Kafka Streams'
 * buffers or in the windows: the bytes of all partitions together and the records of each.
 *
 * <p>Kafka Streams bounds its buffers by count alone (the bound in bytes of KIP-770 never came), so
 * a few dozen images of 20 MB a partition would fill any heap. This gate pauses all partitions of
 * the thread before a poll while too much is unanswered; the poll itself still goes out, for the
 * group. It opens again as answers are forwarded. What exceeds the bound is what one poll brings:
 * at most what the consumer had fetched ({@code fetch.max.bytes} a broker, or one larger record).
 *
 * <p>What must hold: only partitions that this gate paused are resumed by it, and a count that
 * cannot shrink any more is dropped, or the gate would stay shut for ever: a partition that is
 * gone, or whose task has begun anew (another {@link OffsetLedger.Hold}) and reads again.
 *
 * <p>Used by the stream thread only.
 */
final class PollGate {

  /** A poll may add this part to the time that an answer takes. */
  private static final int PART_OF_ANSWER = 20;

  /** Little beside a commit interval. */
  private static final Duration LONGEST_POLL = Duration.ofMillis(50);

  private final OffsetLedger ledger;
  private final long limitBytes;
  private final int limitRecords;
  private final LongSupplier nanoTime;
  private final Map<TopicPartition, Unanswered> unanswered = new HashMap<>();
  private final Set<TopicPartition> paused = new HashSet<>();

  /** How long the newest answer took from its poll. */
  private Duration answerTime = Duration.ZERO;

  private record Read(long offset, long bytes, long at) {}

  /** What was read of a partition in one life of its task. */
  private final class Unanswered {
    private final OffsetLedger.Hold hold;
    private final ArrayDeque<Read> reads = new ArrayDeque<>();
    private long bytes;

    Unanswered(OffsetLedger.Hold hold) {
      this.hold = hold;
    }

    void add(ConsumerRecord<byte[], byte[]> read) {
      // Negative where there is none.
      long size = Math.max(0L, read.serializedKeySize()) + Math.max(0L, read.serializedValueSize());
      reads.addLast(new Read(read.offset(), size, nanoTime.getAsLong()));
      bytes += size;
    }

    long bytes() {
      while (!reads.isEmpty() && reads.peekFirst().offset() < hold.answeredBelow()) {
        Read answered = reads.removeFirst();
        bytes -= answered.bytes();
        answerTime = Duration.ofNanos(nanoTime.getAsLong() - answered.at());
      }
      return bytes;
    }
  }

  /**
   * @param limitBytes of all partitions together
   * @param limitRecords of each partition
   */
  PollGate(OffsetLedger ledger, long limitBytes, int limitRecords) {
    this(ledger, limitBytes, limitRecords, System::nanoTime);
  }

  PollGate(OffsetLedger ledger, long limitBytes, int limitRecords, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.ledger = ledger;
    this.limitBytes = limitBytes;
    this.limitRecords = limitRecords;
  }

  void beforePoll(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> assigned = consumer.assignment();
    paused.retainAll(assigned);
    Set<TopicPartition> full = unansweredBytes(assigned) >= limitBytes ? assigned : crowded();
    Set<TopicPartition> flowing = new HashSet<>(full);
    flowing.removeAll(consumer.paused());
    if (!flowing.isEmpty()) {
      consumer.pause(flowing);
      paused.addAll(flowing);
    }
    Set<TopicPartition> open = new HashSet<>(paused);
    open.removeAll(full);
    if (!open.isEmpty()) {
      consumer.resume(open);
      paused.removeAll(open);
    }
  }

  /**
   * How long the next poll may wait for records, which end it at once. A thread whose model takes
   * seconds need not look for answers a hundred times a second.
   *
   * @param asked by Kafka Streams; zero where it must not wait
   */
  Duration patience(Duration asked) {
    Duration part = answerTime.dividedBy(PART_OF_ANSWER);
    Duration longer = part.compareTo(LONGEST_POLL) < 0 ? part : LONGEST_POLL;
    return asked.isZero() || longer.compareTo(asked) < 0 ? asked : longer;
  }

  /** Partitions with too many records; to be called after their bytes were counted. */
  private Set<TopicPartition> crowded() {
    return unanswered.entrySet().stream()
        .filter(entry -> entry.getValue().reads.size() >= limitRecords)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  void afterPoll(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      ledger
          .hold(partition)
          .ifPresent(
              hold -> {
                Unanswered now =
                    unanswered.compute(
                        partition,
                        (p, before) ->
                            before != null && before.hold == hold ? before : new Unanswered(hold));
                records.records(partition).forEach(now::add);
              });
    }
  }

  private long unansweredBytes(Set<TopicPartition> assigned) {
    unanswered
        .entrySet()
        .removeIf(
            entry ->
                !assigned.contains(entry.getKey())
                    || ledger
                        .hold(entry.getKey())
                        .filter(h -> h == entry.getValue().hold)
                        .isEmpty());
    return unanswered.values().stream().mapToLong(Unanswered::bytes).sum();
  }
}
