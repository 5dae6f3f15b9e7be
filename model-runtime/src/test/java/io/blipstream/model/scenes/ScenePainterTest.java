package io.blipstream.model.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScenePainterTest {
  private static final int SIDE = 96;

  private final ScenePainter painter = new ScenePainter();

  @Test
  void shouldPaintTheSamePixelsForTheSameScene() {
    Scene scene = new SceneGenerator(7).scene(3);
    assertThat(pixels(painter.paint(scene, SIDE)))
        .containsExactly(pixels(new ScenePainter().paint(scene, SIDE)));
  }

  @Test
  void shouldPaintEveryPictureDifferently() {
    assertThat(pixels(painter.paint(single(Kind.KEY, 1, 1), SIDE)))
        .isNotEqualTo(pixels(painter.paint(single(Kind.KEY, 1, 2), SIDE)));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldShowAThingInItsColourWithinThePicture(Kind kind) {
    int[] pixels = pixels(painter.paint(single(kind, 1, 5), SIDE));
    assertThat(share(pixels)).isBetween(0.04, 0.45);
    for (int i = 0; i < SIDE; i++) {
      assertThat(isRed(pixels[i])).as("top edge").isFalse();
      assertThat(isRed(pixels[(SIDE - 1) * SIDE + i])).as("bottom edge").isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldFillABoxOfOne(Kind kind) {
    Rectangle2D bounds = Silhouettes.of(kind).getBounds2D();
    assertThat(bounds.getWidth()).isBetween(0.5, 1.1);
    assertThat(bounds.getHeight()).isBetween(0.5, 1.1);
    assertThat(bounds.getCenterX()).isBetween(-0.2, 0.2);
    assertThat(bounds.getCenterY()).isBetween(-0.2, 0.2);
  }

  @Test
  void shouldPaintMoreForMoreThings() {
    double two = share(pixels(painter.paint(single(Kind.SQUARE, 2, 5), SIDE)));
    double three = share(pixels(painter.paint(single(Kind.SQUARE, 3, 5), SIDE)));
    assertThat(three / two).isBetween(1.3, 1.7);
  }

  private static Scene single(Kind kind, int count, long variation) {
    return new Scene(
        Background.NAVY,
        List.of(new Group(kind, Colour.RED, Size.BIG, count)),
        Scene.Arrangement.SINGLE,
        variation);
  }

  private static double share(int[] pixels) {
    int red = 0;
    for (int pixel : pixels) {
      red += isRed(pixel) ? 1 : 0;
    }
    return red / (double) pixels.length;
  }

  private static boolean isRed(int rgb) {
    return ((rgb >> 16) & 255) > 150 && (rgb & 255) < 100;
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
