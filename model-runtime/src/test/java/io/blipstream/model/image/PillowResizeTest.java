package io.blipstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.blipstream.model.checkpoint.ImagePreprocessing;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The cases cover growing, shrinking, one axis alone, a tall image, grey, alpha and a palette. */
class PillowResizeTest {

  private static final String FOLDER = "/reference/resize/";

  @Test
  void shouldGiveTheReferencesBytesAndNormalisedValues() throws Exception {
    JsonNode cases = new JsonMapper().readTree(Images.bytes(FOLDER + "cases.json"));
    assertThat(cases.size()).isEqualTo(7);
    for (JsonNode testCase : cases) {
      String input = testCase.path("input").asText();
      int size = testCase.path("size").asInt();
      RgbImage resized = PillowResize.bicubic(Images.decode(FOLDER + input), size, size);
      RgbImage expected = Images.decode(FOLDER + testCase.path("expected_rgb").asText());
      assertThat(resized.rgb()).as(input).isEqualTo(expected.rgb());

      float[] batch = new float[2 * resized.rgb().length];
      Arrays.fill(batch, 77f);
      int second = resized.rgb().length;
      new Normalization(ImagePreprocessing.ofSize(size)).write(resized, batch, second);
      double sum = 0;
      for (int i = second; i < batch.length; i++) {
        sum += batch[i];
      }
      assertThat(sum).isCloseTo(testCase.path("normalised_sum").asDouble(), within(0.01));
      for (int channel = 0; channel < 3; channel++) {
        assertThat((double) batch[second + channel * size * size])
            .isCloseTo(
                testCase.path("normalised_first_pixel").path(channel).asDouble(), within(1e-6));
      }
      assertThat(batch[second - 1]).as("the image before it").isEqualTo(77f);
    }
  }

  @Test
  void shouldFillABufferLikeAnArrayAndLeaveItsPosition() throws Exception {
    RgbImage image = Images.decode("/images/rgb.png");
    Normalization normalization = new Normalization(ImagePreprocessing.ofSize(8));
    float[] array = new float[image.rgb().length + 5];
    normalization.write(image, array, 5);
    FloatBuffer buffer = FloatBuffer.allocate(array.length);
    normalization.write(image, buffer, 5);
    assertThat(buffer.position()).isZero();
    assertThat(buffer.array()).isEqualTo(array);
  }

  @Test
  void shouldKeepAnImageOfTheRightSizeUntouched() {
    RgbImage image = new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(PillowResize.bicubic(image, 2, 1)).isSameAs(image);
    assertThatThrownBy(() -> PillowResize.bicubic(image, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RgbImage(2, 2, new byte[6]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Black and white stripes drive the sums furthest below 0 and above 255. */
  @Test
  void shouldClampOvershootAtBothEnds() {
    byte[] stripes = new byte[6 * 3];
    Arrays.fill(stripes, 9, 18, (byte) 255);
    byte[] resized = PillowResize.bicubic(new RgbImage(6, 1, stripes), 24, 1).rgb();
    assertThat(resized).startsWith(0, 0, 0).endsWith(-1, -1, -1);
    for (int i = 3; i < resized.length; i++) {
      assertThat(resized[i] & 0xff).isBetween(0, 255);
    }
    // Without the clamp, an overshoot would wrap to the other end.
    assertThat(resized[8 * 3] & 0xff).isLessThan(30);
    assertThat(resized[15 * 3] & 0xff).isGreaterThan(225);
  }
}
