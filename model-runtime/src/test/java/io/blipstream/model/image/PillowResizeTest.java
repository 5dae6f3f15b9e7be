package io.blipstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.checkpoint.ImagePreprocessing;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /**
   * Blocks, ends of lines and weights left over must not show: a picture of random pixels against
   * the two passes written out, in sizes that fill no block or vector.
   */
  @ParameterizedTest
  @CsvSource({
    "301, 270, 64, 48",
    "37, 5, 90, 91",
    "3, 350, 7, 2",
    "1, 1, 5, 3",
    "9000, 3, 33, 3",
    "50, 20, 50, 7",
    "50, 20, 7, 20",
    "2, 401, 5, 401"
  })
  void shouldDoWhatTwoPlainPassesDo(int width, int height, int toWidth, int toHeight) {
    byte[] rgb = new byte[width * height * 3];
    new Random(width).nextBytes(rgb);
    RgbImage image = new RgbImage(width, height, rgb);
    RgbImage resized = PillowResize.bicubic(image, toWidth, toHeight);
    assertThat(resized.width()).isEqualTo(toWidth);
    assertThat(resized.height()).isEqualTo(toHeight);
    boolean verticalFirst = height > 100 * width && toHeight < height;
    byte[] expected =
        verticalFirst
            ? plainPass(
                plainPass(rgb, width, height, toHeight, false), width, toHeight, toWidth, true)
            : plainPass(
                plainPass(rgb, width, height, toWidth, true), toWidth, height, toHeight, false);
    assertThat(resized.rgb()).isEqualTo(expected);
  }

  private static byte[] plainPass(byte[] rgb, int width, int height, int to, boolean horizontal) {
    int from = horizontal ? width : height;
    if (from == to) {
      return rgb;
    }
    PillowWeights weights = new PillowWeights(from, to);
    int outWidth = horizontal ? to : width;
    int outHeight = horizontal ? height : to;
    byte[] out = new byte[outWidth * outHeight * 3];
    for (int i = 0; i < out.length; i++) {
      int channel = i % 3;
      int x = i / 3 % outWidth;
      int y = i / 3 / outWidth;
      int place = horizontal ? x : y;
      long sum = 1 << 21;
      for (int k = 0; k < weights.count(place); k++) {
        int source = weights.first(place) + k;
        int pixel = horizontal ? y * width + source : source * width + x;
        sum += (long) (rgb[pixel * 3 + channel] & 0xff) * weights.fixed(place, k);
      }
      out[i] = (byte) Math.max(0, Math.min(255, sum >> 22));
    }
    return out;
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
