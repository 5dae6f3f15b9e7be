package io.blipstream.app.batching;

import io.blipstream.app.batching.LaneQueue.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Batches for devices, made of the single items that all stream threads submit.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>Each device has one owner thread, and only that thread calls it.
 *   <li>A free device takes whatever is queued, up to the batch size and the byte budget, and
 *       leaves other free devices their share. It never waits for more while the linger is zero:
 *       under load the next batch fills while this one is computed.
 *   <li>Lanes (one a task) are served in turns, and an item that nobody waits for any more is
 *       dropped before it costs device time.
 *   <li>A batch that fails is computed again in halves until the item at fault is alone; that item
 *       fails, all others get their results. A single bad item among n costs at most 2 log2(n)
 *       further calls and a probe. A dead device fails no item ({@link Device}).
 *   <li>The owner thread survives whatever a device throws.
 *   <li>Every item's future is completed: with its result, its own failure, or cancellation; always
 *       outside the lock. Results are handed out by an executor, several at once, so that what
 *       hangs on them does not keep the device waiting; failures and cancellations on the thread
 *       that they come up on, where what hangs on them must be short.
 * </ol>
 *
 * @param <I> an item
 * @param <O> its result
 */
public final class MicroBatcher<I, O> implements AutoCloseable {

  private final BatcherSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition roomAgain = lock.newCondition();
  private final LaneQueue<I, O> queue = new LaneQueue<>();
  private final List<Device<I, O>> devices = new ArrayList<>();

  /** Devices whose owners look for a batch. */
  private int free;

  private boolean closed;

  /** Without its threads: tests call {@link #serveOne} in their place. */
  MicroBatcher(
      String name,
      BatcherSettings settings,
      Executor answers,
      List<? extends BatchFunction<I, O>> functions) {
    this.settings = settings;
    for (BatchFunction<I, O> function : functions) {
      Device<I, O> device = new Device<>(function, answers, settings.maxItems());
      Thread owner = new Thread(() -> serve(device), name + "-" + devices.size());
      owner.setDaemon(true);
      device.owner = owner;
      devices.add(device);
    }
  }

  /**
   * Starts one owner thread for each device.
   *
   * @param answers hands results out; what it rejects is handed out by the device's own thread
   */
  public static <I, O> MicroBatcher<I, O> start(
      String name,
      BatcherSettings settings,
      Executor answers,
      List<? extends BatchFunction<I, O>> functions) {
    MicroBatcher<I, O> batcher = new MicroBatcher<>(name, settings, answers, functions);
    batcher.devices.forEach(device -> device.owner.start());
    return batcher;
  }

  /** A lane for the items of one task. */
  public Lane openLane() {
    return new Lane();
  }

  /** The items of one task: served in turns with other lanes, cancelled together. */
  public final class Lane implements AutoCloseable {

    private final LaneQueue.Waiting<I, O> waiting = new LaneQueue.Waiting<>();
    private boolean laneClosed;

    private Lane() {}

    /**
     * Queues an item. Blocks while the queue holds its limit of bytes, so it is not for stream
     * threads.
     *
     * @return completed with the result, with the item's own failure, cancelled with its lane, or
     *     failed with {@link BatcherClosedException}
     * @throws InterruptedException if interrupted while waiting for room; the item is not queued
     */
    public CompletableFuture<O> submit(I input, long bytes) throws InterruptedException {
      CompletableFuture<O> result = new CompletableFuture<>();
      boolean shutDown;
      lock.lockInterruptibly();
      try {
        while (!closed && !laneClosed && !hasRoomFor(bytes)) {
          roomAgain.await();
        }
        if (!closed && !laneClosed) {
          queue.add(waiting, new Item<>(input, bytes, System.nanoTime(), result));
          notEmpty.signal();
          return result;
        }
        shutDown = closed;
      } finally {
        lock.unlock();
      }
      if (shutDown) {
        result.completeExceptionally(new BatcherClosedException());
      } else {
        result.cancel(false);
      }
      return result;
    }

    /** Cancels what is queued; what the device already works on is computed in vain. */
    @Override
    public void close() {
      List<Item<I, O>> dropped;
      lock.lock();
      try {
        laneClosed = true;
        dropped = queue.removeAll(waiting);
        roomAgain.signalAll();
      } finally {
        lock.unlock();
      }
      dropped.forEach(item -> item.result().cancel(false));
    }
  }

  private boolean hasRoomFor(long bytes) {
    return queue.isEmpty() || queue.bytes() + bytes <= settings.maxQueuedBytes();
  }

  private void serve(Device<I, O> device) {
    List<Item<I, O>> batch = next(device);
    while (!batch.isEmpty()) {
      device.compute(batch);
      batch = next(device);
    }
  }

  /** What an owner thread does, once and only if something waits, while all others are busy. */
  void serveOne(int device) {
    serveOne(device, 1);
  }

  /** The same while so many devices are free, this one among them. */
  void serveOne(int device, int freeDevices) {
    List<Item<I, O>> batch;
    lock.lock();
    try {
      free = freeDevices;
      batch = take(devices.get(device));
    } finally {
      lock.unlock();
    }
    if (!batch.isEmpty()) {
      devices.get(device).compute(batch);
    }
  }

  /** The next batch, as soon as there is one; empty once closed. */
  private List<Item<I, O>> next(Device<I, O> device) {
    lock.lock();
    free++;
    try {
      while (!closed) {
        if (queue.isEmpty()) {
          notEmpty.awaitUninterruptibly();
        } else if (lingerLeft(device.maxItems()) > 0) {
          linger(device.maxItems());
        } else {
          List<Item<I, O>> batch = take(device);
          if (!batch.isEmpty()) {
            passOn();
            return batch;
          }
        }
      }
      return List.of();
    } finally {
      free--;
      lock.unlock();
    }
  }

  private List<Item<I, O>> take(Device<I, O> device) {
    // Those that have waited for company stay together.
    int share = settings.linger().isZero() ? (queue.count() + free - 1) / free : Integer.MAX_VALUE;
    List<Item<I, O>> batch = queue.take(Math.min(share, device.maxItems()), settings.maxBytes());
    roomAgain.signalAll();
    return batch;
  }

  /** What this device left may be for another one that sleeps. */
  private void passOn() {
    if (!queue.isEmpty()) {
      notEmpty.signal();
    }
  }

  private void linger(int fullBatch) {
    try {
      long left = lingerLeft(fullBatch);
      while (left > 0 && !closed) {
        notEmpty.awaitNanos(left);
        left = queue.isEmpty() ? 0 : lingerLeft(fullBatch);
      }
    } catch (InterruptedException e) {
      // Owner threads are ended by closing, not by interrupts; a device left this one behind.
    }
  }

  /** Nanoseconds that the oldest item may still wait for company; 0 if a batch is to start now. */
  private long lingerLeft(int fullBatch) {
    if (queue.count() >= fullBatch
        || queue.bytes() >= Math.min(settings.maxBytes(), settings.maxQueuedBytes())) {
      return 0;
    }
    long now = System.nanoTime();
    return Math.max(0, settings.linger().toNanos() - (now - queue.oldest(now)));
  }

  /** A snapshot; cheap enough to be taken every second. */
  public BatcherStatistics statistics() {
    lock.lock();
    try {
      return BatcherStatistics.of(devices, queue, settings.maxItems());
    } finally {
      lock.unlock();
    }
  }

  /**
   * How the devices are; never waits for one.
   *
   * @param patience how long a call may take
   */
  public DeviceHealth health(Duration patience) {
    return devices.stream()
        .map(device -> device.health(patience))
        .filter(health -> !health.isWorking())
        .findFirst()
        .orElse(DeviceHealth.WELL);
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }

  /**
   * Ends the owner threads after the batches they are at; what is still queued fails with {@link
   * BatcherClosedException}.
   *
   * @return whether all devices came to rest in time; one that did not must not be freed
   */
  public boolean close(Duration timeout) {
    return close(timeout, Device::close);
  }

  /**
   * Closes as {@link #close(Duration)} does, but interrupts what the devices are at: for when
   * nobody waits for it any more. No item of theirs is answered with a failure of its own.
   */
  public boolean abandon(Duration timeout) {
    return close(timeout, Device::abandon);
  }

  private boolean close(Duration timeout, Consumer<Device<I, O>> ending) {
    List<Item<I, O>> dropped;
    lock.lock();
    try {
      closed = true;
      dropped = queue.take(Integer.MAX_VALUE, Long.MAX_VALUE);
      notEmpty.signalAll();
      roomAgain.signalAll();
    } finally {
      lock.unlock();
    }
    dropped.forEach(item -> item.result().completeExceptionally(new BatcherClosedException()));
    devices.forEach(ending);
    return await(timeout);
  }

  private boolean await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean rested = true;
    for (Device<I, O> device : devices) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        // 0 would wait for ever.
        device.owner.join(Math.max(1, left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      rested &= !device.owner.isAlive();
    }
    return rested;
  }
}
