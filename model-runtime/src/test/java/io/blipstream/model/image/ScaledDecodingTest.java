package io.blipstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected pixels are those of Pillow 12.3 after {@code Image.draft}, which asks libjpeg alike. */
class ScaledDecodingTest {

  static List<String> halves() throws IOException {
    return Images.withSuffix(".half.png");
  }

  static List<String> others() throws IOException {
    return Images.withSuffix(".expected.png").stream()
        .filter(name -> !name.endsWith(".jpg") || name.matches("(cmyk|ycck).*"))
        .toList();
  }

  private static RgbImage decode(byte[] file, int width, int height, boolean exifOrientation)
      throws UnreadableImageException {
    Optional<TargetSize> target = Optional.of(new TargetSize(width, height));
    return ImageDecoder.decode(file, ImageLimits.DEFAULT, exifOrientation, target);
  }

  @ParameterizedTest
  @CsvSource({
    "768, 768, 2", "767, 768, 1", "768, 767, 1", "640, 480, 1", "1920, 1080, 2",
    "1536, 1536, 4", "1536, 1535, 2", "3071, 9000, 4", "3072, 3072, 8", "30000, 3072, 8"
  })
  void shouldScaleOnlyAsFarAsTheTargetStaysCovered(int width, int height, int reduction) {
    assertThat(new TargetSize(384, 384).reduction(width, height)).isEqualTo(reduction);
  }

  @ParameterizedTest
  @MethodSource("halves")
  void shouldGivePillowsDraftPixelsExactly(String name) throws Exception {
    byte[] file = Images.bytes("/images/" + name);
    RgbImage full = Images.decode("/images/" + name);
    for (int scale : new int[] {2, 8}) {
      RgbImage scaled = decode(file, full.width() / scale, full.height() / scale, false);
      String expected = name + (scale == 2 ? ".half.png" : ".eighth.png");
      RgbImage pillows = Images.decode("/images/" + expected);
      assertThat(scaled.width()).as(expected).isEqualTo(pillows.width());
      assertThat(scaled.height()).as(expected).isEqualTo(pillows.height());
      assertThat(scaled.rgb()).as(expected).isEqualTo(pillows.rgb());
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void shouldLeaveCmykAndOtherFormatsAsTheyAre(String name) throws Exception {
    RgbImage full = Images.decode("/images/" + name);
    RgbImage asked = decode(Images.bytes("/images/" + name), 1, 1, false);
    assertThat(asked.rgb()).isEqualTo(full.rgb());
  }

  /** Each stored side must do for each side of the target, as they may change places. */
  @Test
  void shouldCoverTheTargetAfterAnImageIsTurned() throws Exception {
    int turned = 0;
    for (String name : Images.withSuffix(".upright.png")) {
      if (!name.endsWith(".jpg")) {
        continue;
      }
      byte[] file = Images.bytes("/images/" + name);
      RgbImage upright = Images.decode("/images/" + name + ".upright.png");
      int width = upright.width() / 2;
      int height = upright.height() / 4;
      RgbImage scaled = decode(file, width, height, true);
      assertThat(scaled.width()).as(name).isGreaterThanOrEqualTo(width);
      assertThat(scaled.height()).as(name).isGreaterThanOrEqualTo(height);
      turned++;
    }
    assertThat(turned).isPositive();
  }

  @ParameterizedTest
  @MethodSource("halves")
  void shouldRefuseWhatIsRefusedWithoutScaling(String name) throws Exception {
    byte[] whole = Images.bytes("/images/" + name);
    RgbImage full = Images.decode("/images/" + name);
    int refused = 0;
    for (int length = whole.length; length > 4; length -= 1 + whole.length / 40) {
      byte[] cut = Arrays.copyOf(whole, length);
      boolean readable = isReadable(cut, Optional.empty());
      assertThat(isReadable(cut, Optional.of(new TargetSize(1, 1))))
          .as("%d of %d bytes", length, whole.length)
          .isEqualTo(readable);
      refused += readable ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(30);
    ImageLimits tight = new ImageLimits(1 << 20, (long) full.width() * full.height() - 1, 2_000);
    Optional<TargetSize> tiny = Optional.of(new TargetSize(1, 1));
    assertThatThrownBy(() -> ImageDecoder.decode(whole, tight, false, tiny))
        .isInstanceOfSatisfying(
            UnreadableImageException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS));
  }

  private static boolean isReadable(byte[] file, Optional<TargetSize> target) {
    try {
      ImageDecoder.decode(file, ImageLimits.DEFAULT, false, target);
      return true;
    } catch (UnreadableImageException e) {
      return false;
    }
  }
}
