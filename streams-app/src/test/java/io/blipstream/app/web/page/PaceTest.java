package io.blipstream.app.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void shouldLetThroughTheRateAndNoMore() {
    Pace pace = new Pace(() -> 5, nanos::get);
    int passed = 0;
    for (int i = 0; i < 10_000; i++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      passed += pace.allows() ? 1 : 0;
    }
    assertThat(passed).isBetween(50, 51);
  }

  @Test
  void shouldSaveUpNoMoreThanASecond() {
    Pace pace = new Pace(() -> 5, nanos::get);
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    int passed = 0;
    while (pace.allows()) {
      passed++;
    }
    assertThat(passed).isEqualTo(5);
  }

  @Test
  void shouldFollowARateThatChanges() {
    AtomicLong rate = new AtomicLong(1);
    Pace pace = new Pace(rate::get, nanos::get);
    assertThat(pace.allows()).isTrue();
    assertThat(pace.allows()).isFalse();
    rate.set(10);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(pace.allows()).isTrue();
  }
}
