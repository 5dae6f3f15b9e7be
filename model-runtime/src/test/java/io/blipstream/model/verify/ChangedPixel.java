package io.blipstream.model.verify;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Changes the last byte of a picture by one. */
final class ChangedPixel {

  private ChangedPixel() {}

  static void in(Path png) throws IOException {
    BufferedImage image = ImageIO.read(png.toFile());
    int x = image.getWidth() - 1;
    int y = image.getHeight() - 1;
    image.setRGB(x, y, image.getRGB(x, y) ^ 1);
    ImageIO.write(image, "png", png.toFile());
  }
}
