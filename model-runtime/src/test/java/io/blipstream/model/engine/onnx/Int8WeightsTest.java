package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8WeightsTest {

  @ParameterizedTest
  @ValueSource(ints = {IntegerProducts.IN_PAIRS, IntegerProducts.WHOLE_BYTE})
  void shouldScaleEachChannelToTheLargestValue(int largest) {
    float[] weight = {
      1, 2, 3, // not asked for
      0.5f, -1, 0.25f, 0, 0, 0, 100, 50, -100
    };

    Int8Weights rounded = Int8Weights.of(weight, 3, 1, 4, largest);

    assertThat(rounded.scales()).containsExactly(1f / largest, 1, 100f / largest);
    int half = Math.round(largest / 2f);
    int quarter = Math.round(largest / 4f);
    assertThat(rounded.values().array())
        .containsExactly(half, 0, largest, -largest, 0, half, quarter, 0, -largest);
  }
}
