package io.blipstream.app.inflight;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets that no commit may pass yet: per partition, the lowest one whose outcome has not been
 * forwarded.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>A committed offset never lies above the lowest un-forwarded offset of its partition, so a
 *       record that was read but not answered is read again by the next owner.
 *   <li>Holds belong to the stream thread that opened them, and lower only that thread's commits. A
 *       task is processed and committed by one thread; a fenced thread that wakes late can
 *       therefore neither raise nor drag down the commits of the partition's new owner in the same
 *       process.
 *   <li>Holds are replaced when a task is initialised and never dropped when it is closed: Kafka
 *       Streams may commit a task once more after closing its processors.
 * </ol>
 */
public final class OffsetLedger {

  private final ThreadLocal<Map<TopicPartition, Hold>> holds =
      ThreadLocal.withInitial(HashMap::new);

  /**
   * Starts the partition afresh for the calling thread; whatever it held there before is void.
   * Called when a task is initialised, since it then reads again from the committed offset.
   */
  Hold open(TopicPartition partition) {
    Hold hold = new Hold(Thread.currentThread());
    holds.get().put(partition, hold);
    return hold;
  }

  /** What the calling thread holds of this partition. */
  Optional<Hold> hold(TopicPartition partition) {
    return Optional.ofNullable(holds.get().get(partition));
  }

  /** The offset at which commits of this partition by the calling thread are held, if any. */
  public OptionalLong held(TopicPartition partition) {
    Hold hold = holds.get().get(partition);
    return hold == null ? OptionalLong.empty() : hold.lowest();
  }

  /** The same offsets, none of them above a hold of the calling thread. Makes a new map. */
  Map<TopicPartition, OffsetAndMetadata> lower(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> lowered = new HashMap<>(offsets.size() * 2);
    offsets.forEach(
        (partition, commit) -> {
          OptionalLong held = held(partition);
          boolean above = held.isPresent() && held.getAsLong() < commit.offset();
          // The epoch belongs to the offset it came with; the metadata is Kafka Streams' own clock.
          lowered.put(
              partition,
              above
                  ? new OffsetAndMetadata(held.getAsLong(), Optional.empty(), commit.metadata())
                  : commit);
        });
    return lowered;
  }

  /** The same deletions, none of them reaching past a hold of the calling thread. */
  Map<TopicPartition, RecordsToDelete> lowerDeletions(
      Map<TopicPartition, RecordsToDelete> deletions) {
    Map<TopicPartition, RecordsToDelete> lowered = new HashMap<>(deletions.size() * 2);
    deletions.forEach(
        (partition, deletion) -> {
          OptionalLong held = held(partition);
          boolean above = held.isPresent() && held.getAsLong() < deletion.beforeOffset();
          lowered.put(partition, above ? RecordsToDelete.beforeOffset(held.getAsLong()) : deletion);
        });
    return lowered;
  }

  /** The un-forwarded offsets of one partition under one life of its task, lowest first. */
  static final class Hold {

    private final Thread owner;
    private final ArrayDeque<Long> offsets = new ArrayDeque<>();
    private long next;

    private Hold(Thread owner) {
      this.owner = owner;
    }

    void add(long offset) {
      requireOwner();
      offsets.addLast(offset);
      next = offset + 1;
    }

    /** Every record below that this life has taken on was forwarded. */
    long answeredBelow() {
      return offsets.isEmpty() ? next : offsets.peekFirst();
    }

    /** The oldest offset has been forwarded. */
    void removeLowest(long offset) {
      requireOwner();
      Long lowest = offsets.pollFirst();
      if (lowest == null || lowest != offset) {
        throw new IllegalStateException(
            "Offset " + offset + " was forwarded out of turn; the lowest in flight is " + lowest);
      }
    }

    OptionalLong lowest() {
      Long lowest = offsets.peekFirst();
      return lowest == null ? OptionalLong.empty() : OptionalLong.of(lowest);
    }

    private void requireOwner() {
      if (Thread.currentThread() != owner) {
        throw new IllegalStateException(
            "A task of "
                + owner.getName()
                + " is processed by "
                + Thread.currentThread().getName()
                + "; held offsets need the stream thread that commits the task to process it too");
      }
    }
  }
}
