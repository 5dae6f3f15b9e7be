package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.InferenceException;
import io.blipstream.model.engine.BlipEngine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkersTest {

  @Test
  void shouldRunEachTaskOnce() {
    AtomicIntegerArray runs = new AtomicIntegerArray(100);
    try (Workers workers = new Workers(3)) {
      workers.each(100, runs::incrementAndGet);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(runs.get(i)).isEqualTo(1);
    }
  }

  @Test
  void shouldWorkSideBySide() {
    CyclicBarrier allThree = new CyclicBarrier(3);
    try (Workers workers = new Workers(3)) {
      workers.each(
          3,
          task -> {
            try {
              allThree.await(60, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IllegalStateException("the others do not come", e);
            }
          });
    }
    assertThat(allThree.isBroken()).isFalse();
  }

  @Test
  void shouldEndAllWorkBeforeAFailureIsThrown() {
    CountDownLatch bothBegan = new CountDownLatch(2);
    AtomicInteger ended = new AtomicInteger();
    IntConsumer task =
        number -> {
          bothBegan.countDown();
          await(bothBegan);
          if (number == 0) {
            throw new InferenceException("broken");
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
          ended.incrementAndGet();
        };
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(() -> workers.each(2, task))
          .isInstanceOf(InferenceException.class)
          .hasMessage("broken");
    }
    assertThat(ended).hasValue(1);
  }

  @Test
  void shouldLeaveABatchItsOwnCoreWhereThereIsABatchForEach() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (Workers workers = new Workers(2);
        BlipEngine.Call one = workers.begin()) {
      assertThat(one.underWay()).isEqualTo(1);
      try (BlipEngine.Call other = workers.begin()) {
        assertThat(other.underWay()).isEqualTo(2);
        workers.each(
            10,
            task -> {
              threads.add(Thread.currentThread());
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            });
        assertThat(workers.split(4)).containsExactly(new Workers.Span(0, 4));
      }
      assertThat(threads).containsExactly(Thread.currentThread());
      assertThat(workers.split(4)).hasSize(2);
    }
  }

  /** The helper is at its first task when another batch begins, and takes no second one. */
  @Test
  void shouldTakeHelpersBackOnceABatchForTheirCoreBegins() {
    Thread caller = Thread.currentThread();
    CountDownLatch helped = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger helps = new AtomicInteger();
    try (Workers workers = new Workers(2);
        BlipEngine.Call one = workers.begin()) {
      AtomicReference<BlipEngine.Call> other = new AtomicReference<>();
      workers.each(
          50,
          task -> {
            if (Thread.currentThread() != caller) {
              helps.incrementAndGet();
              helped.countDown();
              await(begun);
            } else if (other.get() == null) {
              await(helped);
              other.set(workers.begin());
              begun.countDown();
            } else {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
          });
      assertThat(one.underWay()).isEqualTo(2);
      other.get().close();
    }
    assertThat(helps).hasValue(1);
  }

  @Test
  void shouldNotWaitForAHelperThatNeverCame() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch occupied = new CountDownLatch(2);
    try (Workers workers = new Workers(2)) {
      Thread first =
          new Thread(
              () ->
                  workers.each(
                      2,
                      task -> {
                        occupied.countDown();
                        await(release);
                      }));
      first.start();
      occupied.await();
      AtomicInteger runs = new AtomicInteger();
      workers.each(2, task -> runs.incrementAndGet());
      assertThat(runs).hasValue(2);
      release.countDown();
      first.join();
    }
  }

  @Test
  void shouldSplitImagesEvenly() {
    try (Workers workers = new Workers(3)) {
      assertThat(workers.split(8))
          .containsExactly(new Workers.Span(0, 2), new Workers.Span(2, 3), new Workers.Span(5, 3));
      assertThat(workers.split(2)).containsExactly(new Workers.Span(0, 1), new Workers.Span(1, 1));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
