package io.blipstream.app.cli.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/** JPEGs with about as much detail as photographs have, the same on every run. */
public final class DrawnJpegs {

  private static final int WAVES = 6;
  private static final double NOISE = 8;

  private DrawnJpegs() {}

  /** One of 640 x 480 and one of 1920 x 1080, by their names. */
  public static Map<String, List<byte[]>> bySize() throws IOException {
    Map<String, List<byte[]>> bySize = new LinkedHashMap<>();
    bySize.put("drawn 640x480", List.of(jpeg(640, 480)));
    bySize.put("drawn 1920x1080", List.of(jpeg(1920, 1080)));
    return bySize;
  }

  private static byte[] jpeg(int width, int height) throws IOException {
    Random random = new Random(width);
    double[][] waves = new double[3 * WAVES][];
    for (int i = 0; i < waves.length; i++) {
      waves[i] = new double[] {random.nextDouble() * 0.15, random.nextDouble() * 0.15, 5 + i};
    }
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          double value = 128 + random.nextGaussian() * NOISE;
          for (int k = 0; k < WAVES; k++) {
            double[] wave = waves[channel * WAVES + k];
            value += wave[2] * Math.sin(x * wave[0] + y * wave[1]);
          }
          rgb = rgb << 8 | (int) Math.max(0, Math.min(255, value));
        }
        image.setRGB(x, y, rgb);
      }
    }
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }
}
