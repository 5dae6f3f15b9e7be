package io.blipstream.model.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.text.TokenBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedTextsTest {

  private static final TokenBatch TEXTS =
      TokenBatch.of(
          List.of(
              new long[] {1, 7, 3},
              new long[] {1, 3},
              new long[] {1, 8, 9, 3},
              new long[] {1, 5, 5, 3}),
          0);

  @Test
  void shouldLayTextsOfAnImageOneAfterAnother() {
    PackedTexts packed = PackedTexts.of(TEXTS, 0, 2, 2);

    assertThat(packed.length()).isEqualTo(8);
    assertThat(packed.ids(TEXTS)).containsExactly(1, 7, 3, 1, 3, 0, 0, 0, 1, 8, 9, 3, 1, 5, 5, 3);
    assertThat(packed.positions()).containsExactly(0, 1, 2, 0, 1, 0, 0, 0, 0, 1, 2, 3, 0, 1, 2, 3);
    assertThat(packed.starts()).containsExactly(0, 3, 8, 12);
  }

  @Test
  void shouldLetTokensSeeThoseOfTheirTextAlone() {
    PackedTexts packed = PackedTexts.of(TEXTS, 0, 2, 2);
    int[] textOfPlace = {0, 0, 0, 1, 1, 2, 2, 2};

    for (int query = 0; query < 8; query++) {
      for (int key = 0; key < 8; key++) {
        assertThat(packed.mask()[query * 8 + key] == 0)
            .as("%d sees %d", query, key)
            .isEqualTo(textOfPlace[query] == textOfPlace[key]);
      }
    }
  }

  @Test
  void shouldNeedNoPaddingForAnImageAlone() {
    PackedTexts second = PackedTexts.of(TEXTS, 2, 1, 2);

    assertThat(second.ids(TEXTS)).containsExactly(1, 8, 9, 3, 1, 5, 5, 3);
    assertThat(second.starts()).containsExactly(0, 4);
  }
}
