package io.blipstream.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.blipstream.model.OfficialConfigs;
import org.junit.jupiter.api.Test;

/** Against the figures known for the official checkpoints, at 384 pixels. */
class FlopCountTest {

  private static final FlopCount BASE = new FlopCount(OfficialConfigs.BASE, 577);
  private static final FlopCount LARGE = new FlopCount(OfficialConfigs.LARGE, 577);

  @Test
  void shouldCountTheVisionEncoders() {
    assertThat(BASE.vision()).isCloseTo(111e9, withinPercentage(1));
    assertThat(LARGE.vision()).isCloseTo(382e9, withinPercentage(1));
  }

  @Test
  void shouldGiveTheWholeAsTheSumOfItsParts() {
    assertThat(
            LARGE.vision() + LARGE.crossKeyValues() + LARGE.text(20) + LARGE.languageModelHead(20))
        .isEqualTo(LARGE.caption(20));
    assertThat(BASE.crossKeyValues()).isCloseTo(16e9, withinPercentage(3));
  }

  @Test
  void shouldCountTheTextsOnTopOfTheImage() {
    assertThat(BASE.match(35)).isCloseTo(135e9, withinPercentage(1));
    assertThat(BASE.caption(20)).isCloseTo(133e9, withinPercentage(1));
    assertThat(LARGE.match(35) - LARGE.vision()).isCloseTo(29.5e9, withinPercentage(2));
  }
}
