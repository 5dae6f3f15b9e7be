package io.blipstream.app.web.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.blipstream.model.UnreadableImageException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest {

  @Test
  void shouldFitIntoItsSideAndKeepItsShapeAndColours() throws Exception {
    BufferedImage picture = picture(Picture.of(png(1200, 300, Color.ORANGE), 320));
    assertThat(picture.getWidth()).isEqualTo(320);
    assertThat(picture.getHeight()).isEqualTo(80);
    Color middle = new Color(picture.getRGB(160, 40));
    assertThat(middle.getRed()).isCloseTo(255, within(6));
    assertThat(middle.getGreen()).isCloseTo(200, within(6));
    assertThat(middle.getBlue()).isCloseTo(0, within(6));
  }

  @Test
  void shouldLeaveSmallImagesAsSmallAsTheyAre() throws Exception {
    BufferedImage picture = picture(Picture.of(png(40, 30, Color.BLUE), 320));
    assertThat(picture.getWidth()).isEqualTo(40);
    assertThat(picture.getHeight()).isEqualTo(30);
  }

  @Test
  void shouldPassOnNothingButPixels() throws Exception {
    byte[] png = png(40, 30, Color.BLUE);
    byte[] withMore = Arrays.copyOf(png, png.length + 30);
    byte[] script = "<script>alert(1)</script>".getBytes(ISO_8859_1);
    System.arraycopy(script, 0, withMore, png.length, script.length);
    assertThat(new String(Picture.of(withMore, 320), ISO_8859_1)).doesNotContain("script");
  }

  @Test
  void shouldRefuseWhatIsNoImage() {
    assertThatThrownBy(() -> Picture.of("no image".getBytes(ISO_8859_1), 320))
        .isInstanceOf(UnreadableImageException.class);
  }

  private static BufferedImage picture(byte[] jpeg) throws IOException {
    assertThat(jpeg).startsWith(0xff, 0xd8, 0xff);
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  static byte[] png(int width, int height, Color color) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }
}
