package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.InferenceException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
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
              allThree.await(20, TimeUnit.SECONDS);
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
