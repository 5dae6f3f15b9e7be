package io.blipstream.app.cli.bench.model;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Discs of random colours on random gradients, the same on every run. A network's time does not
 * depend on what it sees, but its answers do: so that two programs can be seen to agree.
 */
public final class RandomPictures {

  private static final int DISCS = 12;

  private RandomPictures() {}

  /** Writes PNG files, unless they are there. */
  public static void write(Path folder, int count, int width, int height) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve("random-%dx%d-%03d.png".formatted(width, height, i));
      if (!Files.exists(file)) {
        ImageIO.write(picture(new Random(i), width, height), "png", file.toFile());
      }
    }
  }

  private static BufferedImage picture(Random random, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, colour(random), width, height, colour(random)));
    graphics.fillRect(0, 0, width, height);
    for (int i = 0; i < DISCS; i++) {
      int size = 1 + random.nextInt(Math.min(width, height) / 2);
      graphics.setPaint(colour(random));
      graphics.fillOval(random.nextInt(width), random.nextInt(height), size, size);
    }
    graphics.dispose();
    return image;
  }

  private static Color colour(Random random) {
    return new Color(random.nextInt());
  }
}
