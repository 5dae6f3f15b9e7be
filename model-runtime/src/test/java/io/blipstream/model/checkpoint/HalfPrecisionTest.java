package io.blipstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfPrecisionTest {

  @Test
  void shouldComeBackToTheSameBitsForEveryHalf() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float wide = HalfPrecision.fromF16((short) bits);
      if (!Float.isNaN(wide)) {
        assertThat(HalfPrecision.toF16(wide)).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x3c00, 1",
    "0xc000, -2",
    "0x7bff, 65504",
    "0x0400, 6.103515625e-5",
    "0x0001, 5.9604645e-8",
    "0x3555, 0.33325195",
    "0x7c00, Infinity",
    "0xfc00, -Infinity",
    "0x7e00, NaN"
  })
  void shouldWidenHalves(String bits, Float expected) {
    assertThat(HalfPrecision.fromF16(Integer.decode(bits).shortValue())).isEqualTo(expected);
  }

  /** Ties go to the even neighbour: below, above, and at the border to the subnormals. */
  @ParameterizedTest
  @CsvSource({
    "0x1.002p0, 0x3c00",
    "0x1.006p0, 0x3c02",
    "0x1.002002p0, 0x3c01",
    "0x1.ffcp-15, 0x0400",
    "65519.996, 0x7bff",
    "65520, 0x7c00",
    "0x1p-25, 0x0000",
    "0x1.8p-24, 0x0002",
    "-0.0, 0x8000"
  })
  void shouldRoundToNearestEven(String value, String bits) {
    assertThat(HalfPrecision.toF16(Float.parseFloat(value)))
        .isEqualTo(Integer.decode(bits).shortValue());
  }

  @Test
  void shouldWidenBfloat16ByItsUpperHalf() {
    assertThat(HalfPrecision.fromBf16((short) 0x3f80)).isEqualTo(1f);
    assertThat(HalfPrecision.fromBf16((short) 0xc049)).isEqualTo(-3.140625f);
  }
}
