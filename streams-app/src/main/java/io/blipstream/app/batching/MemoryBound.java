package io.blipstream.app.batching;

/**
 * How many items a batch may have on a device whose memory may be short.
 *
 * <p>Counted in items, since the prepared inputs of one model are all of one size. Halved when a
 * batch within the bound does not fit. After a number of full batches one larger by a quarter is
 * tried: if it fits, that is the bound; if not, the last bound stays and the next trial waits twice
 * as long. So a device that lost half of its memory for good fails rarely, and one that got it back
 * is at its full size again within some dozens of batches. Used by the owner thread; the bound is
 * read by anyone.
 */
final class MemoryBound {

  /**
   * Full batches before the first trial: some seconds on a slow device, none lost on a fast one.
   */
  static final int FIRST_PATIENCE = 16;

  /** A failed trial may empty a device's caches: not more often than this. */
  static final int LAST_PATIENCE = 1024;

  private final int configured;
  private volatile int items;
  private int full;
  private int patience = FIRST_PATIENCE;

  MemoryBound(int configured) {
    this.configured = configured;
    this.items = configured;
  }

  /** Most items of the next batch. */
  int next() {
    return full >= patience ? larger() : items;
  }

  /** The size that is known to fit, or was not tried yet. */
  int known() {
    return items;
  }

  /** A batch of so many items was computed. */
  void held(int size) {
    if (items == configured || size < items) {
      return;
    }
    if (size > items) {
      items = Math.min(size, configured);
      full = 0;
      patience = FIRST_PATIENCE;
    } else {
      full++;
    }
  }

  /** A batch of so many items did not fit. */
  void exceeded(int size) {
    full = 0;
    if (size > items) {
      patience = Math.min(2 * patience, LAST_PATIENCE);
    } else {
      items = Math.max(1, size / 2);
      patience = FIRST_PATIENCE;
    }
  }

  /** What was learned since the bound was this was due to a single item. */
  void restore(int before) {
    items = Math.max(items, before);
    full = 0;
  }

  private int larger() {
    return Math.min(configured, items + Math.max(1, items / 4));
  }
}
