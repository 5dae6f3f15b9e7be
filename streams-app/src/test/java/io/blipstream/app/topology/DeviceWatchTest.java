package io.blipstream.app.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.batching.DeviceHealth.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceWatchTest {

  private final List<DeviceLostException> lost = new ArrayList<>();
  private DeviceHealth health = new DeviceHealth(State.WORKING, "Well.");
  private long seconds;

  private DeviceWatch watch(Optional<Duration> giveUp) {
    return new DeviceWatch(
        () -> health, giveUp, lost::add, () -> Duration.ofSeconds(seconds).toNanos());
  }

  private void look(DeviceWatch watch, State state, int times) {
    health = new DeviceHealth(state, "It is " + state + ".");
    for (int i = 0; i < times; i++) {
      seconds++;
      watch.look();
    }
  }

  @Test
  void shouldGiveUpOnceTheModelWasBrokenForTheStatedTimeWhateverTheWay() {
    try (DeviceWatch watch = watch(Optional.of(Duration.ofSeconds(10)))) {
      look(watch, State.HANGING, 5);
      look(watch, State.FAILING, 5);
      assertThat(lost).isEmpty();
      look(watch, State.FAILING, 5);
      assertThat(lost)
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessageContaining("10 s: It is FAILING."));
    }
  }

  @Test
  void shouldStartAnewWhenTheModelAnsweredInBetween() {
    try (DeviceWatch watch = watch(Optional.of(Duration.ofSeconds(10)))) {
      for (int i = 0; i < 5; i++) {
        look(watch, State.HANGING, 10);
        look(watch, State.WORKING, 1);
      }
      assertThat(lost).isEmpty();
    }
  }

  @Test
  void shouldWaitForEverIfToldSo() {
    try (DeviceWatch watch = watch(Optional.empty())) {
      look(watch, State.HANGING, 100_000);
      assertThat(lost).isEmpty();
    }
  }
}
