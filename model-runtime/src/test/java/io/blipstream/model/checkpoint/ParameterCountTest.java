package io.blipstream.model.checkpoint;

import static io.blipstream.model.OfficialConfigs.BASE;
import static io.blipstream.model.OfficialConfigs.LARGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against the numbers known for the official checkpoints. */
class ParameterCountTest {

  @Test
  void shouldCountTheOfficialCheckpoints() {
    assertThat(millions(BlipParameters.countOfCaptioner(BASE))).isCloseTo(223.97, within(0.005));
    assertThat(millions(BlipParameters.countOfFilter(BASE))).isCloseTo(223.74, within(0.005));
    assertThat(millions(BlipParameters.countOfCaptioner(LARGE))).isCloseTo(446.29, within(0.005));
    assertThat(millions(BlipParameters.countOfFilter(LARGE))).isCloseTo(446.13, within(0.005));
  }

  @Test
  void shouldCountTheSameVisionEncoderInBoth() {
    ParameterCount captioner = BlipParameters.countOfCaptioner(BASE);
    ParameterCount filter = BlipParameters.countOfFilter(BASE);

    assertThat(captioner.vision()).isEqualTo(filter.vision());
    assertThat(captioner.text()).isEqualTo(filter.text());
    // Two projections to 256 and two logits, with biases.
    assertThat(filter.heads()).isEqualTo(2 * (768 * 256 + 256) + 2 * 768 + 2);
    assertThat(captioner.total())
        .isEqualTo(captioner.vision() + captioner.text() + captioner.heads());
  }

  private static double millions(ParameterCount count) {
    return count.total() / 1e6;
  }
}
