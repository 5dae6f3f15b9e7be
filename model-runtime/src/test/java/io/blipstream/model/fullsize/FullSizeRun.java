package io.blipstream.model.fullsize;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.CapFiltOptions;
import io.blipstream.model.CapFilts;
import io.blipstream.model.PreparationListener;
import io.blipstream.model.TextScore;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * Loads the captioner and the filter of two folders in a JVM of its own, captions and scores an
 * image, and prints what it took.
 */
final class FullSizeRun {

  private FullSizeRun() {}

  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    try (CapFilt model =
        CapFilts.load(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            CapFiltOptions.defaults(),
            PreparationListener.NONE)) {
      print("loaded by " + model.description().engine(), start);
      CapFiltInput input =
          new CapFiltInput("image", model.prepare(picture()), List.of("a red circle on white"));
      start = System.nanoTime();
      List<TextScore> scores = model.judge(List.of(input)).get(0).scores();
      print("captioned and scored", start);
      scores.forEach(
          score ->
              System.out.printf(
                  "%s %.4f %.4f %s%n",
                  score.source(), score.itmProbability(), score.itcSimilarity(), score.text()));
      System.out.println("encoded " + model.imagesEncoded());
    }
  }

  private static void print(String what, long start) throws IOException {
    System.out.printf("%s: %.1f s, %s%n", what, (System.nanoTime() - start) / 1e9, memory());
  }

  /** What Linux says of the process: its peak, and of now what is its own and what files'. */
  private static String memory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "memory unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM") || line.startsWith("Rss"))
        .map(line -> line.replaceAll("\\s+", " "))
        .collect(Collectors.joining(", "));
  }

  private static byte[] picture() throws IOException {
    BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, Color.WHITE, 640, 480, Color.BLUE));
    graphics.fillRect(0, 0, 640, 480);
    graphics.setPaint(Color.RED);
    graphics.fillOval(200, 120, 240, 240);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
