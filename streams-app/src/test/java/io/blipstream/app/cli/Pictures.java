package io.blipstream.app.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Draws image files. */
final class Pictures {

  private Pictures() {}

  /** Writes a picture in the format of the file's extension. */
  static Path write(Path file, int side) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.ORANGE);
    graphics.fillOval(1, 1, side - 2, side - 2);
    graphics.dispose();
    String name = file.getFileName().toString();
    try {
      ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
