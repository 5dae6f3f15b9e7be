package io.blipstream.app.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Items waiting for a device, one queue a lane, served in turns: a lane with a thousand items does
 * not make the item of another lane wait for more than one round. Not thread-safe; the batcher's
 * lock guards it.
 */
final class LaneQueue<I, O> {

  /** One item, its size in bytes, when it came (nanoTime), and who waits for it. */
  record Item<I, O>(I input, long bytes, long since, CompletableFuture<O> result) {}

  /** The queue of one task. */
  static final class Waiting<I, O> {
    private final ArrayDeque<Item<I, O>> items = new ArrayDeque<>();
    private boolean inTurn;
  }

  /** Lanes that have items, in the order of their turns. */
  private final ArrayDeque<Waiting<I, O>> turns = new ArrayDeque<>();

  private int count;
  private long bytes;
  private long skipped;

  void add(Waiting<I, O> lane, Item<I, O> item) {
    lane.items.addLast(item);
    count++;
    bytes += item.bytes();
    if (!lane.inTurn) {
      lane.inTurn = true;
      turns.addLast(lane);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  /** Items dropped so far because nobody waits for them any more. */
  long skipped() {
    return skipped;
  }

  /** When the oldest item came (nanoTime); only of a queue that is not empty. */
  long oldest(long now) {
    long oldest = now;
    for (Waiting<I, O> lane : turns) {
      Item<I, O> first = lane.items.peekFirst();
      if (first != null && first.since() - oldest < 0) {
        oldest = first.since();
      }
    }
    return oldest;
  }

  /**
   * Takes the next batch, one item a lane and turn. Cancelled items are dropped on the way. Stops
   * at the first item that would break the byte bound, so that no item is overtaken for ever; the
   * first item is taken whatever its size. Empty if all that waited was cancelled.
   */
  List<Item<I, O>> take(int maxItems, long maxBytes) {
    List<Item<I, O>> batch = new ArrayList<>(Math.min(maxItems, count));
    long batchBytes = 0;
    while (batch.size() < maxItems && !turns.isEmpty()) {
      Waiting<I, O> lane = turns.peekFirst();
      Item<I, O> item = lane.items.peekFirst();
      if (item == null) {
        turns.removeFirst();
        lane.inTurn = false;
      } else if (item.result().isDone()) {
        removeFirst(lane);
        skipped++;
      } else if (!batch.isEmpty() && batchBytes + item.bytes() > maxBytes) {
        break;
      } else {
        removeFirst(lane);
        batch.add(item);
        batchBytes += item.bytes();
        turns.addLast(turns.removeFirst());
      }
    }
    return batch;
  }

  /** Takes every item of a lane out and gives them to the caller, to cancel outside the lock. */
  List<Item<I, O>> removeAll(Waiting<I, O> lane) {
    List<Item<I, O>> removed = new ArrayList<>(lane.items);
    while (!lane.items.isEmpty()) {
      removeFirst(lane);
    }
    skipped += removed.size();
    return removed;
  }

  private void removeFirst(Waiting<I, O> lane) {
    Item<I, O> item = lane.items.removeFirst();
    count--;
    bytes -= item.bytes();
  }
}
