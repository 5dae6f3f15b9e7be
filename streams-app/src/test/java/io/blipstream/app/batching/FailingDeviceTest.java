package io.blipstream.app.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes of a batch when its device fails; without threads but where one must be waited for.
 */
@Timeout(60)
class FailingDeviceTest {

  private static final int SIZE = 64;
  private static final int LOG2 = 6;

  private final ScriptedDevice device = new ScriptedDevice();
  private final MicroBatcher<Integer, Long> batcher =
      new MicroBatcher<>(
          "test",
          new BatcherSettings(SIZE, 1 << 20, Duration.ZERO, 1 << 20),
          Runnable::run,
          List.of(device));
  private final MicroBatcher<Integer, Long>.Lane lane = batcher.openLane();
  private final List<Integer> order = new ArrayList<>();

  private List<CompletableFuture<Long>> submit(int count) throws InterruptedException {
    List<CompletableFuture<Long>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int item = i;
      CompletableFuture<Long> result = lane.submit(i, 1);
      results.add(result);
      var unused =
          result.whenComplete(
              (square, failure) -> {
                if (failure == null) {
                  order.add(item);
                }
              });
    }
    return results;
  }

  private void serveAll() {
    while (batcher.statistics().queuedItems() > 0) {
      batcher.serveOne(0);
    }
  }

  private void assertAnswered(List<CompletableFuture<Long>> results, Set<Integer> except) {
    for (int i = 0; i < results.size(); i++) {
      if (except.contains(i)) {
        assertThatThrownBy(results.get(i)::join).hasRootCauseMessage("poison");
      } else {
        assertThat(results.get(i)).isCompletedWithValue((long) i * i);
      }
    }
    assertThat(batcher.statistics().failedItems()).isEqualTo(except.size());
  }

  static IntStream positions() {
    return IntStream.range(0, SIZE);
  }

  @ParameterizedTest
  @MethodSource("positions")
  void shouldRejectPoisonAloneWhereverItStandsAtLogarithmicCost(int position) throws Exception {
    device.poison.add(position);
    List<CompletableFuture<Long>> results = submit(SIZE);
    serveAll();
    assertAnswered(results, Set.of(position));
    assertThat(order).as("answered in the order they came").isSorted();
    assertThat(device.calls).hasSizeLessThanOrEqualTo(1 + 2 * LOG2);
    assertThat(device.probes).isLessThanOrEqualTo(1);
    assertThat(batcher.statistics().failedBatches()).isEqualTo(1 + LOG2);
    assertThat(batcher.statistics().memoryBound()).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 9, 17, 33, 63})
  void shouldRejectSeveralPoisonItemsAndNoOther(int count) throws Exception {
    List<Integer> positions = new ArrayList<>(positions().boxed().toList());
    Collections.shuffle(positions, new Random(count));
    device.poison.addAll(positions.subList(0, count));
    List<CompletableFuture<Long>> results = submit(SIZE);
    serveAll();
    assertAnswered(results, device.poison);
    assertThat(order).isSorted();
    assertThat(device.calls).hasSizeLessThanOrEqualTo(Math.min(2 * SIZE - 1, 1 + 2 * LOG2 * count));
    assertThat(device.probes).isLessThanOrEqualTo(count);
  }

  @Test
  void shouldTellABatchThatIsAllPoisonFromADeadDevice() throws Exception {
    positions().forEach(device.poison::add);
    List<CompletableFuture<Long>> results = submit(SIZE);
    serveAll();
    assertAnswered(results, device.poison);
    assertThat(batcher.health(Duration.ofDays(1)).isWorking()).isTrue();
  }

  @Test
  void shouldNotRejectForAPassingFault() throws Exception {
    device.passingFaults = 1;
    List<CompletableFuture<Long>> alone = submit(1);
    serveAll();
    assertAnswered(alone, Set.of());
    device.passingFaults = 3;
    List<CompletableFuture<Long>> results = submit(SIZE);
    serveAll();
    assertAnswered(results, Set.of());
  }

  @ParameterizedTest
  @MethodSource("positions")
  void shouldFindTheSizeThatFitsAndGrowAgainWhenMemoryComesBack(int before) throws Exception {
    int fits = before + 1;
    device.fits = fits;
    for (int round = 0; round < 60; round++) {
      List<CompletableFuture<Long>> results = submit(SIZE);
      serveAll();
      assertAnswered(results, Set.of());
    }
    int bound = batcher.statistics().memoryBound();
    assertThat(bound).as("fits").isLessThanOrEqualTo(fits);
    assertThat(bound + Math.max(1, bound / 4))
        .as("the next step does not")
        .isGreaterThan(Math.min(fits, SIZE - 1));
    assertThat(batcher.statistics().outOfMemory())
        .as("halving, and trials that wait twice as long each time")
        .isLessThanOrEqualTo(LOG2 + 10);
    assertThat(device.probes).isZero();

    device.fits = SIZE;
    for (int round = 0; round < 3000 && batcher.statistics().memoryBound() < SIZE; round++) {
      submit(SIZE);
      serveAll();
    }
    assertThat(batcher.statistics().memoryBound()).isEqualTo(SIZE);
    device.calls.clear();
    submit(SIZE);
    serveAll();
    assertThat(device.calls).containsExactly(SIZE);
  }

  /** The negative control of the test above: unless it is told apart, nothing is remembered. */
  @Test
  void shouldFailAgainAndAgainIfOutOfMemoryWereLikeAnyFailure() throws Exception {
    device.fits = 8;
    device.knowsMemory = false;
    for (int round = 0; round < 60; round++) {
      submit(SIZE);
      serveAll();
    }
    assertThat(batcher.statistics().failedBatches()).isEqualTo(60 * 7);
  }

  @Test
  void shouldRejectAnItemThatFitsNowhereAndForgetTheBoundItCaused() throws Exception {
    BatchFunction<Integer, Long> oneIsHuge =
        new BatchFunction<>() {
          @Override
          public List<Long> apply(List<Integer> batch) {
            if (batch.contains(40)) {
              throw new OutOfMemoryError("poison");
            }
            return device.apply(batch);
          }
        };
    var small =
        new MicroBatcher<Integer, Long>(
            "test",
            new BatcherSettings(SIZE, 1 << 20, Duration.ZERO, 1 << 20),
            Runnable::run,
            List.of(oneIsHuge));
    var only = small.openLane();
    List<CompletableFuture<Long>> results = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      results.add(only.submit(i, 1));
    }
    small.serveOne(0);
    for (int i = 0; i < SIZE; i++) {
      assertThat(results.get(i).isCompletedExceptionally()).isEqualTo(i == 40);
    }
    assertThat(small.statistics().memoryBound()).isEqualTo(SIZE);
  }

  @Test
  void shouldRejectNothingWhileTheDeviceIsDeadAndGoOnWhenItReturns() throws Exception {
    device.dead = true;
    List<CompletableFuture<Long>> results = submit(SIZE);
    Thread owner = new Thread(() -> batcher.serveOne(0));
    owner.start();
    awaitState(DeviceHealth.State.FAILING);
    assertThat(batcher.health(Duration.ofDays(1)).detail()).contains("dead");
    assertThat(batcher.statistics().failedBatches())
        .as("found dead early, each time it is tried, and it may be tried right now")
        .isLessThanOrEqualTo((LOG2 + 2L) * (batcher.statistics().probes() + 1));
    assertThat(results).noneMatch(CompletableFuture::isDone);
    device.poison.add(7);
    device.dead = false;
    owner.join();
    assertAnswered(results, Set.of(7));
    assertThat(batcher.health(Duration.ofDays(1)).isWorking()).isTrue();
  }

  @Test
  void shouldNotTakeTheProbesOwnFaultForDeath() throws Exception {
    device.poison.addAll(Set.of(0, 1));
    device.badProbe = true;
    List<CompletableFuture<Long>> results = submit(SIZE);
    serveAll();
    assertAnswered(results, device.poison);
  }

  /** The negative control of the dead device: without a probe, an outage becomes rejects. */
  @Test
  void shouldRejectAllIfADeadDeviceWereNotProbed() throws Exception {
    device.dead = true;
    device.knowsProbe = false;
    List<CompletableFuture<Long>> results = submit(SIZE);
    serveAll();
    assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Test
  void shouldNotWaitForADeadDeviceWhenClosed() throws Exception {
    device.dead = true;
    List<CompletableFuture<Long>> results = submit(3);
    Thread owner = new Thread(() -> batcher.serveOne(0));
    owner.start();
    awaitState(DeviceHealth.State.FAILING);
    batcher.close(Duration.ofMillis(1));
    owner.join();
    for (CompletableFuture<Long> result : results) {
      assertThatThrownBy(result::join).hasCauseInstanceOf(BatcherClosedException.class);
    }
    assertThat(batcher.statistics().failedItems()).isZero();
  }

  private void awaitState(DeviceHealth.State state) throws InterruptedException {
    while (batcher.health(Duration.ofDays(1)).state() != state) {
      Thread.sleep(1);
    }
  }
}
