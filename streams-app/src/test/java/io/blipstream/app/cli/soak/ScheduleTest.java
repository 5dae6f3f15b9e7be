package io.blipstream.app.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final Duration SESSION = Duration.ofSeconds(6);

  @Test
  void shouldLeaveMoreThanTheSessionTimeoutBetweenDisturbances() {
    assertThat(take(1, 500))
        .allMatch(one -> one.quietBefore().compareTo(SESSION) > 0)
        .allMatch(one -> one.victim() >= 0 && one.victim() < 3);
  }

  @Test
  void shouldFreezeForLongerThanTheSessionSoThatAZombieWakesUp() {
    assertThat(take(2, 500))
        .filteredOn(one -> one.kind() == Disturbance.Kind.FREEZE)
        .isNotEmpty()
        .allMatch(one -> one.lasting().compareTo(SESSION) > 0);
  }

  @Test
  void shouldMeetEveryKindInTheFirstSeven() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(take(seed, 7)).extracting(Disturbance::kind).contains(Disturbance.Kind.values());
    }
  }

  @Test
  void shouldRestartBothBeforeAndAfterTheSessionHasEnded() {
    List<Disturbance> kills =
        take(3, 500).stream().filter(one -> one.kind() == Disturbance.Kind.KILL).toList();
    assertThat(kills).anyMatch(one -> one.lasting().compareTo(SESSION) > 0);
    assertThat(kills).anyMatch(one -> one.lasting().compareTo(SESSION) < 0);
  }

  @Test
  void shouldRepeatItselfForASeed() {
    assertThat(take(5, 50)).isEqualTo(take(5, 50)).isNotEqualTo(take(6, 50));
  }

  private static List<Disturbance> take(long seed, int count) {
    Schedule schedule = new Schedule(seed, 3, SESSION);
    return Stream.generate(schedule::next).limit(count).toList();
  }
}
