package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against the numbers known for the official checkpoints. */
class ParameterCountTest {

  private static final TextConfig TEXT =
      new TextConfig(30524, 768, 12, 12, 3072, 512, 1e-12f, 30522, 102, 0);
  private static final BlipConfig BASE =
      new BlipConfig(new VisionConfig(768, 12, 12, 3072, 384, 16, 1e-5f), TEXT, 256);
  private static final BlipConfig LARGE =
      new BlipConfig(new VisionConfig(1024, 24, 16, 4096, 384, 16, 1e-5f), TEXT, 256);

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
