package io.blipstream.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.replay.Stretches.Kind;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StretchesTest {

  private static final Kind ALL = new Kind("*", "*", 5);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldHoldWhatWasAddedAndNothingElseThroughText(long seed) {
    Random random = new Random(seed);
    Stretches stretches = new Stretches();
    BitSet expected = new BitSet();
    for (int i = 0; i < 100; i++) {
      int from = random.nextInt(1_000);
      int to = from + random.nextInt(30) - 5;
      stretches.add(ALL, from, to);
      if (to > from) {
        expected.set(from, to);
      }
      stretches = Stretches.parse(stretches.text(), 0);
    }
    for (int offset = 0; offset < 1_100; offset++) {
      assertThat(stretches.contains("FETCH", "NOT_FOUND", 0, offset))
          .as("offset %d", offset)
          .isEqualTo(expected.get(offset));
    }
    // As few stretches as there are gaps between.
    assertThat(stretches.text().split(",", -1))
        .hasSize((int) expected.stream().filter(bit -> !expected.get(bit + 1)).count());
  }

  @Test
  void shouldTellKindsApart() {
    Stretches stretches = new Stretches();
    stretches.add(new Kind("FETCH", "*", 2), 0, 10);
    stretches.add(new Kind("*", "NOT_AVRO", 5), 0, 10);
    assertThat(stretches.contains("FETCH", "NOT_FOUND", 1, 3)).isTrue();
    assertThat(stretches.contains("FETCH", "NOT_FOUND", 2, 3)).as("sent too often then").isFalse();
    assertThat(stretches.contains("RECORD", "NOT_AVRO", 2, 3)).isTrue();
    assertThat(stretches.contains("RECORD", "NO_IMAGE", 0, 3)).isFalse();
    assertThat(stretches.contains("FETCH", "NOT_FOUND", 1, 10)).isFalse();
  }

  @Test
  void shouldForgetWhatIsNoLongerThereAndNotReadForeignText() {
    Stretches stretches = new Stretches();
    stretches.add(ALL, 0, 10);
    stretches.add(ALL, 20, 30);
    assertThat(Stretches.parse(stretches.text(), 25).text()).isEqualTo("1;*/*/5:25-30");
    assertThat(Stretches.parse("", 0).text()).isEqualTo("1");
    assertThat(Stretches.parse("of another program", 0).text()).isEqualTo("1");
  }
}
