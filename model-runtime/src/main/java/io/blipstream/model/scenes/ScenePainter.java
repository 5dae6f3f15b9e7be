package io.blipstream.model.scenes;

import io.blipstream.model.scenes.Scene.Arrangement;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Paints scenes with Java2D, without a display. The same scene and side give the same pixels on the
 * same JDK. Threads may share a painter.
 *
 * <p>A single thing has the whole picture as its room; everything else lies in the quarters of the
 * picture (alike things), or in its halves (two groups). Within its room a thing is shifted, tilted
 * and tinted a little, so that no two pictures are alike.
 */
public final class ScenePainter {
  /** Largest tilt, in radians: about 6 degrees. */
  private static final double TILT = 0.1;

  /** Largest change of a colour channel, of 255. */
  private static final int TINT = 12;

  /** Half-width of the shift within a quarter, as a share of the picture's side. */
  private static final double SHIFT = 0.035;

  private static final List<double[]> QUARTERS =
      List.of(
          new double[] {0.26, 0.26},
          new double[] {0.74, 0.26},
          new double[] {0.26, 0.74},
          new double[] {0.74, 0.74});

  private final Map<Kind, Shape> shapes = new EnumMap<>(Kind.class);

  public ScenePainter() {
    for (Kind kind : Kind.values()) {
      shapes.put(kind, Silhouettes.of(kind));
    }
  }

  /** Paints {@code scene} as an opaque picture of {@code side} x {@code side} pixels. */
  public BufferedImage paint(Scene scene, int side) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      Dice dice = Dice.of(scene.variation(), 0, 0);
      fillBackground(graphics, scene.background(), side, dice);
      graphics.scale(side, side);
      if (scene.arrangement() == Arrangement.SINGLE) {
        paintSingle(graphics, scene.groups().get(0), dice);
      } else {
        paintPair(graphics, scene, dice);
      }
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private static void fillBackground(
      Graphics2D graphics, Background background, int side, Dice dice) {
    Color top = tinted(background.rgb(), dice);
    Color bottom = tinted(background.rgb(), dice);
    graphics.setPaint(new GradientPaint(0, 0, top, 0, side, bottom));
    graphics.fillRect(0, 0, side, side);
  }

  private void paintSingle(Graphics2D graphics, Group group, Dice dice) {
    if (group.count() == 1) {
      double reach = (1 - group.size().share(true)) / 2 - 0.03;
      double shift = Math.min(reach, 0.15);
      place(graphics, group, true, 0.5, 0.5, shift, dice);
      return;
    }
    int skipped = dice.below(QUARTERS.size());
    // Two alike things lie in a row, a column or a diagonal; three fill all quarters but one.
    int alsoSkipped =
        group.count() == 2 ? (skipped + 1 + dice.below(QUARTERS.size() - 1)) % 4 : skipped;
    for (int i = 0; i < QUARTERS.size(); i++) {
      if (i != skipped && i != alsoSkipped) {
        place(graphics, group, false, QUARTERS.get(i)[0], QUARTERS.get(i)[1], SHIFT, dice);
      }
    }
  }

  private void paintPair(Graphics2D graphics, Scene scene, Dice dice) {
    boolean sideBySide = scene.arrangement() == Arrangement.SIDE_BY_SIDE;
    for (int i = 0; i < scene.groups().size(); i++) {
      Group group = scene.groups().get(i);
      double across = i == 0 ? 0.26 : 0.74;
      double[] along =
          switch (group.count()) {
            case 1 -> new double[] {dice.between(0.4, 0.6)};
            case 2 -> new double[] {0.26, 0.74};
            default -> throw unpaintable(group);
          };
      for (double place : along) {
        double x = sideBySide ? across : place;
        double y = sideBySide ? place : across;
        place(graphics, group, false, x, y, SHIFT, dice);
      }
    }
  }

  private static IllegalArgumentException unpaintable(Group group) {
    return new IllegalArgumentException(
        "A group of a pair has one or two things, since more do not fit in half a picture; got "
            + group.count()
            + ".");
  }

  /** Paints one thing with its centre within {@code shift} of (x, y), in shares of the side. */
  private void place(
      Graphics2D graphics,
      Group group,
      boolean alone,
      double x,
      double y,
      double shift,
      Dice dice) {
    double room = alone ? 1 : 0.5;
    double side = group.size().share(alone) * room * dice.between(0.95, 1.05);
    AffineTransform transform =
        AffineTransform.getTranslateInstance(
            x + dice.between(-shift, shift), y + dice.between(-shift, shift));
    transform.rotate(dice.between(-TILT, TILT));
    transform.scale(side, side);
    graphics.setColor(tinted(group.colour().rgb(), dice));
    graphics.fill(new Path2D.Double(shapes.get(group.kind()), transform));
  }

  private static Color tinted(int rgb, Dice dice) {
    return new Color(
        shifted(rgb >> 16 & 255, dice), shifted(rgb >> 8 & 255, dice), shifted(rgb & 255, dice));
  }

  private static int shifted(int channel, Dice dice) {
    int changed = channel + dice.below(2 * TINT + 1) - TINT;
    return Math.max(0, Math.min(255, changed));
  }
}
