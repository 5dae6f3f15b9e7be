package io.blipstream.app.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SoakEventsTest {

  private final SoakEvents events = new SoakEvents(11);

  @Test
  void shouldGiveEveryInputAnIdOfItsOwn() {
    assertThat(ids(2000)).doesNotHaveDuplicates();
  }

  @Test
  void shouldHoldGoodImagesAndEveryKindOfBadInput() {
    List<Expectation> all = ids(2000).stream().map(events::expectation).toList();
    Set<String> reasons =
        all.stream()
            .filter(Expectation.Rejected.class::isInstance)
            .map(one -> ((Expectation.Rejected) one).reason())
            .collect(Collectors.toSet());
    assertThat(reasons)
        .containsExactlyInAnyOrder(
            "MODEL_FAILED",
            "NOT_AN_IMAGE",
            "EMPTY",
            "NO_IMAGE",
            "NOT_AVRO",
            "UNKNOWN_SCHEMA",
            "NULL_VALUE");
    List<Expectation.Text> texts =
        all.stream()
            .filter(Expectation.Judged.class::isInstance)
            .flatMap(one -> ((Expectation.Judged) one).texts().stream())
            .toList();
    assertThat(texts.size()).isGreaterThan(2500);
    assertThat(texts.stream().filter(Expectation.Text::kept).count())
        .isBetween(texts.size() * 4L / 10, texts.size() * 6L / 10);
  }

  @Test
  void shouldKnowOnlyItsOwnInputs() {
    assertThatThrownBy(() -> events.expectation(new SoakEvents(12).input(0).id()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private List<String> ids(int count) {
    return LongStream.range(0, count).mapToObj(n -> events.input(n).id()).toList();
  }
}
