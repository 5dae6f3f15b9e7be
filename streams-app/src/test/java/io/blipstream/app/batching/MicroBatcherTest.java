package io.blipstream.app.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MicroBatcherTest {

  private static final int SIZE = 8;

  private final GatedDevice device = new GatedDevice();
  private MicroBatcher<String, String> batcher = batcher(Duration.ZERO, 1000, 10_000);

  private MicroBatcher<String, String> batcher(Duration linger, long maxBytes, long queueBytes) {
    return MicroBatcher.start(
        "test",
        new BatcherSettings(SIZE, maxBytes, linger, queueBytes),
        Runnable::run,
        List.of(device));
  }

  @AfterEach
  void close() {
    device.openGate();
    batcher.close();
  }

  @Test
  void shouldStartAtOnceAndFillTheNextBatchMeanwhile() throws Exception {
    var lane = batcher.openLane();
    CompletableFuture<String> first = lane.submit("a", 1);
    device.awaitBatches(1);
    List<CompletableFuture<String>> rest = submit(lane, "b", 10);
    device.openGate();
    assertThat(first.get()).isEqualTo("A");
    for (int i = 0; i < rest.size(); i++) {
      assertThat(rest.get(i).get()).isEqualTo("B" + i);
    }
    assertThat(device.batches).extracting(List::size).containsExactly(1, SIZE, 2);
  }

  @Test
  void shouldKeepWithinTheByteBudgetButTakeALargeItemAlone() throws Exception {
    var lane = batcher.openLane();
    lane.submit("first", 1).isDone();
    device.awaitBatches(1);
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (long bytes : new long[] {600, 300, 200, 5000, 10}) {
      results.add(lane.submit("x" + bytes, bytes));
    }
    device.openGate();
    for (var result : results) {
      result.get();
    }
    assertThat(device.batches)
        .containsExactly(
            List.of("first"),
            List.of("x600", "x300"),
            List.of("x200"),
            List.of("x5000"),
            List.of("x10"));
  }

  @Test
  void shouldServeLanesInTurns() throws Exception {
    var busy = batcher.openLane();
    var quiet = batcher.openLane();
    busy.submit("first", 1).isDone();
    device.awaitBatches(1);
    submit(busy, "busy", 100);
    CompletableFuture<String> one = quiet.submit("quiet", 1);
    device.openGate();
    assertThat(one.get()).isEqualTo("QUIET");
    assertThat(device.batches.get(1)).as("the first batch after it came").contains("quiet");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void shouldFailThePoisonItemAloneWhereverItStands(int position) throws Exception {
    var lane = batcher.openLane();
    lane.submit("first", 1).isDone();
    device.awaitBatches(1);
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      results.add(lane.submit(i == position ? "poison" : "ok" + i, 1));
    }
    device.openGate();
    for (int i = 0; i < SIZE; i++) {
      CompletableFuture<String> result = results.get(i);
      if (i == position) {
        assertThatThrownBy(result::get)
            .isInstanceOf(ExecutionException.class)
            .hasRootCauseMessage("poison");
      } else {
        assertThat(result.get()).isEqualTo("OK" + i);
      }
    }
    BatcherStatistics statistics = batcher.statistics();
    assertThat(statistics.failedItems()).isEqualTo(1);
    assertThat(statistics.items()).isEqualTo(1 + SIZE - 1);
    assertThat(device.batches).hasSizeLessThanOrEqualTo(1 + 1 + 2 * 3);
  }

  @Test
  void shouldSurviveErrorsAndWrongNumbersOfResults() throws Exception {
    device.openGate();
    var lane = batcher.openLane();
    assertThatThrownBy(lane.submit("error", 1)::get).hasCauseInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(lane.submit("short", 1)::get).hasMessageContaining("0 results for 1 items");
    assertThat(lane.submit("after", 1).get()).isEqualTo("AFTER");
  }

  @Test
  void shouldSkipWhatIsCancelledBeforeItCostsDeviceTime() throws Exception {
    var closing = batcher.openLane();
    var staying = batcher.openLane();
    staying.submit("first", 1).isDone();
    device.awaitBatches(1);
    List<CompletableFuture<String>> cancelled = submit(closing, "closing", 5);
    CompletableFuture<String> abandoned = staying.submit("abandoned", 1);
    CompletableFuture<String> kept = staying.submit("kept", 1);
    closing.close();
    abandoned.cancel(false);
    device.openGate();
    assertThat(kept.get()).isEqualTo("KEPT");
    assertThat(cancelled).allMatch(CompletableFuture::isCancelled);
    assertThat(closing.submit("late", 1)).isCancelled();
    assertThat(device.batches).containsExactly(List.of("first"), List.of("kept"));
    assertThat(batcher.statistics().skippedItems()).isEqualTo(6);
  }

  @Test
  void shouldBlockSubmittersBeyondTheQueuedBytesAndLetThemInAgain() throws Exception {
    batcher.close();
    batcher = batcher(Duration.ZERO, 1000, 100);
    var lane = batcher.openLane();
    lane.submit("first", 1).isDone();
    device.awaitBatches(1);
    lane.submit("fits", 90).isDone();
    AtomicReference<CompletableFuture<String>> blocked = new AtomicReference<>();
    Thread submitter =
        new Thread(
            () -> {
              try {
                blocked.set(lane.submit("waits", 20));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    submitter.start();
    while (submitter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(batcher.statistics().queuedItems()).isEqualTo(1);
    device.openGate();
    submitter.join();
    assertThat(blocked.get().get()).isEqualTo("WAITS");
  }

  @Test
  void shouldLingerOnlyUntilTheBatchIsFull() throws Exception {
    batcher.close();
    batcher = batcher(Duration.ofDays(1), 1000, 10_000);
    device.openGate();
    var lane = batcher.openLane();
    for (CompletableFuture<String> result : submit(lane, "x", SIZE)) {
      result.get();
    }
    assertThat(device.batches).extracting(List::size).containsExactly(SIZE);
  }

  @Test
  void shouldFinishTheRunningBatchAndFailTheRestWhenClosed() throws Exception {
    var lane = batcher.openLane();
    CompletableFuture<String> running = lane.submit("running", 1);
    device.awaitBatches(1);
    CompletableFuture<String> queued = lane.submit("queued", 1);
    assertThat(batcher.close(Duration.ofMillis(50))).as("the device is busy").isFalse();
    assertThatThrownBy(queued::get).hasCauseInstanceOf(BatcherClosedException.class);
    assertThatThrownBy(lane.submit("late", 1)::get)
        .hasCauseInstanceOf(BatcherClosedException.class);
    device.openGate();
    assertThat(running.get()).isEqualTo("RUNNING");
    assertThat(batcher.close(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void shouldInterruptWhatIsAbandonedAndBlameNoItemForIt() throws Exception {
    var lane = batcher.openLane();
    CompletableFuture<String> running = lane.submit("poison", 1);
    device.awaitBatches(1);
    CompletableFuture<String> queued = lane.submit("queued", 1);
    // The gate stays closed, so only the interrupt ends the call; it then fails as a bad item does.
    assertThat(batcher.abandon(Duration.ofSeconds(30))).isTrue();
    assertThatThrownBy(running::get).hasCauseInstanceOf(BatcherClosedException.class);
    assertThatThrownBy(queued::get).hasCauseInstanceOf(BatcherClosedException.class);
    assertThat(device.batches).as("nothing is tried again").hasSize(1);
  }

  @Test
  void shouldCallADeviceHangingThatIsAtOneBatchForTooLong() throws Exception {
    var lane = batcher.openLane();
    CompletableFuture<String> result = lane.submit("slow", 1);
    device.awaitBatches(1);
    assertThat(batcher.health(Duration.ofDays(1)).isWorking()).isTrue();
    DeviceHealth health = batcher.health(Duration.ZERO);
    assertThat(health.state()).isEqualTo(DeviceHealth.State.HANGING);
    assertThat(health.detail()).contains("longer than the 0 ms it may take");
    device.openGate();
    result.get();
    batcher.close();
    assertThat(batcher.health(Duration.ZERO).isWorking()).isTrue();
  }

  @Test
  void shouldCallEachDeviceFromItsOwnThreadOnly() throws Exception {
    Map<Integer, Thread> owners = new ConcurrentHashMap<>();
    Semaphore both = new Semaphore(0);
    List<BatchFunction<String, String>> devices = new ArrayList<>();
    for (int d = 0; d < 2; d++) {
      int number = d;
      devices.add(
          batch -> {
            Thread owner = owners.computeIfAbsent(number, any -> Thread.currentThread());
            both.release();
            assertThat(Thread.currentThread()).isSameAs(owner);
            return batch;
          });
    }
    try (var two =
        MicroBatcher.start(
            "two", new BatcherSettings(1, 10, Duration.ZERO, 1000), Runnable::run, devices)) {
      var lane = two.openLane();
      for (int i = 0; i < 200; i++) {
        assertThat(lane.submit("x" + i, 1).get()).isEqualTo("x" + i);
      }
    }
    assertThat(both.availablePermits()).isEqualTo(200);
    assertThat(Map.copyOf(owners).values()).doesNotHaveDuplicates();
  }

  @Test
  void shouldNotKeepTheDeviceWaitingForThoseWhoTakeItsResults() throws Exception {
    BlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
    device.openGate();
    try (var other =
        MicroBatcher.start(
            "slow",
            new BatcherSettings(SIZE, 1000, Duration.ZERO, 10_000),
            answers::add,
            List.of(device))) {
      var lane = other.openLane();
      var first = lane.submit("a", 1);
      Runnable firstAnswer = answers.take();
      var second = lane.submit("b", 1);
      Runnable secondAnswer = answers.take();
      assertThat(first).isNotDone();
      firstAnswer.run();
      secondAnswer.run();
      assertThat(first).isCompletedWithValue("A");
      assertThat(second).isCompletedWithValue("B");
    }
  }

  @Test
  void shouldHandResultsOutItselfWhenNobodyElseDoes() throws Exception {
    Executor closed =
        task -> {
          throw new RejectedExecutionException();
        };
    device.openGate();
    try (var other =
        MicroBatcher.start(
            "closed",
            new BatcherSettings(SIZE, 1000, Duration.ZERO, 10_000),
            closed,
            List.of(device))) {
      assertThat(other.openLane().submit("a", 1).get()).isEqualTo("A");
    }
  }

  @Test
  void shouldLeaveOtherFreeDevicesTheirShare() throws Exception {
    device.openGate();
    GatedDevice second = new GatedDevice();
    second.openGate();
    MicroBatcher<String, String> two = unstarted(device, second);
    submit(two.openLane(), "a", 7);
    two.serveOne(0, 2);
    assertThat(device.batches).containsExactly(List.of("a0", "a1", "a2", "a3"));
    two.serveOne(1, 1);
    assertThat(second.batches).containsExactly(List.of("a4", "a5", "a6"));
  }

  private static MicroBatcher<String, String> unstarted(GatedDevice... devices) {
    return new MicroBatcher<>(
        "unstarted",
        new BatcherSettings(SIZE, 1000, Duration.ZERO, 10_000),
        Runnable::run,
        List.of(devices));
  }

  @Test
  void shouldTellOfTheMeanDeviceHowLongItHasRun() throws Exception {
    try (var two =
        MicroBatcher.start(
            "two",
            new BatcherSettings(SIZE, 1000, Duration.ZERO, 10_000),
            Runnable::run,
            List.of(device, device))) {
      two.openLane().submit("a", 1).isDone();
      while (two.statistics().longestRunning().isZero()) {
        Thread.onSpinWait();
      }
      BatcherStatistics statistics = two.statistics();
      assertThat(statistics.running()).isEqualTo(statistics.longestRunning().dividedBy(2));
      device.openGate();
    }
  }

  @Test
  void shouldCountBatchesFillAndBusyTime() throws Exception {
    device.openGate();
    var lane = batcher.openLane();
    lane.submit("a", 1).get();
    lane.submit("b", 1).get();
    BatcherStatistics statistics = batcher.statistics();
    assertThat(statistics.batches()).isEqualTo(2);
    assertThat(statistics.items()).isEqualTo(2);
    assertThat(statistics.fill()).isEqualTo(2.0 / (2 * SIZE));
    assertThat(statistics.busy()).isPositive();
    assertThat(statistics.queuedItems()).isZero();
    assertThat(statistics.queuedBytes()).isZero();
  }

  private static List<CompletableFuture<String>> submit(
      MicroBatcher<String, String>.Lane lane, String name, int count) throws InterruptedException {
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(lane.submit(name + i, 1));
    }
    return results;
  }

  /** Waits with its first batch until the gate opens, so that a test can fill the queue behind. */
  private static final class GatedDevice implements BatchFunction<String, String> {

    private final List<List<String>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore seen = new Semaphore(0);
    private final CountDownLatch gate = new CountDownLatch(1);

    @Override
    public List<String> apply(List<String> batch) {
      batches.add(List.copyOf(batch));
      seen.release();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (batch.contains("poison")) {
        throw new IllegalStateException("poison");
      }
      if (batch.contains("error")) {
        throw new OutOfMemoryError("none left");
      }
      return batch.contains("short")
          ? List.of()
          : batch.stream().map(s -> s.toUpperCase(java.util.Locale.ROOT)).toList();
    }

    void awaitBatches(int count) throws InterruptedException {
      assertThat(seen.tryAcquire(count, 60, TimeUnit.SECONDS)).isTrue();
    }

    void openGate() {
      gate.countDown();
    }
  }
}
