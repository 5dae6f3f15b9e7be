package io.blipstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.ImagePreprocessing;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** That its bytes are Pillow's is shown by {@code ReferenceVerificationTest}. */
class PillowResizeTest {

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
