package io.blipstream.model.scenes;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * The outline of each {@link Kind}, filling the box from (-0.5, -0.5) to (0.5, 0.5) with y pointing
 * down. They differ in large features (holes, gaps, where the mass lies), because a picture shrunk
 * to the model's size keeps no fine ones.
 */
final class Silhouettes {
  private static final int STAR_POINTS = 5;
  private static final int PETALS = 6;

  private Silhouettes() {}

  static Shape of(Kind kind) {
    return switch (kind) {
      case CIRCLE -> disc(0, 0, 0.48);
      case SQUARE -> box(-0.44, -0.44, 0.44, 0.44);
      case TRIANGLE -> polygon(0, -0.48, 0.5, 0.42, -0.5, 0.42);
      case STAR -> star();
      case HEART -> heart();
      case RING -> minus(disc(0, 0, 0.5), disc(0, 0, 0.28));
      case CROSS -> plus(box(-0.16, -0.5, 0.16, 0.5), box(-0.5, -0.16, 0.5, 0.16));
      case ARROW ->
          polygon(
              -0.5, -0.14, 0.02, -0.14, 0.02, -0.42, 0.5, 0, 0.02, 0.42, 0.02, 0.14, -0.5, 0.14);
      case MOON -> minus(disc(-0.06, 0, 0.48), disc(0.2, -0.04, 0.42));
      case CLOUD ->
          plus(
              disc(-0.27, 0.1, 0.23),
              disc(0.0, -0.1, 0.28),
              disc(0.28, 0.08, 0.22),
              box(-0.27, 0.05, 0.28, 0.32));
      case TREE ->
          plus(
              polygon(0, -0.5, 0.24, -0.16, -0.24, -0.16),
              polygon(0, -0.3, 0.34, 0.08, -0.34, 0.08),
              polygon(0, -0.08, 0.44, 0.3, -0.44, 0.3),
              box(-0.09, 0.28, 0.09, 0.5));
      case HOUSE ->
          minus(
              plus(polygon(0, -0.5, 0.5, -0.06, -0.5, -0.06), box(-0.38, -0.1, 0.38, 0.48)),
              box(-0.12, 0.1, 0.12, 0.48));
      case CUP ->
          plus(
              polygon(-0.46, -0.38, 0.22, -0.38, 0.14, 0.42, -0.38, 0.42),
              minus(disc(0.2, -0.04, 0.27), disc(0.2, -0.04, 0.14)));
      case KEY ->
          plus(
              minus(disc(-0.26, 0, 0.24), disc(-0.26, 0, 0.11)),
              box(-0.06, -0.07, 0.5, 0.07),
              box(0.18, 0.05, 0.28, 0.26),
              box(0.38, 0.05, 0.5, 0.3));
      case CAR ->
          plus(
              polygon(-0.26, -0.3, 0.14, -0.3, 0.3, -0.02, -0.36, -0.02),
              box(-0.5, -0.06, 0.5, 0.18),
              disc(-0.27, 0.2, 0.14),
              disc(0.27, 0.2, 0.14));
      case FISH -> plus(oval(-0.5, -0.25, 0.28, 0.25), polygon(0.12, 0, 0.5, -0.32, 0.5, 0.32));
      case FLOWER -> flower();
      case LADDER ->
          plus(
              box(-0.3, -0.5, -0.17, 0.5),
              box(0.17, -0.5, 0.3, 0.5),
              box(-0.2, -0.38, 0.2, -0.26),
              box(-0.2, -0.06, 0.2, 0.06),
              box(-0.2, 0.26, 0.2, 0.38));
      case BOLT ->
          polygon(0.12, -0.5, -0.34, 0.08, -0.04, 0.08, -0.14, 0.5, 0.34, -0.12, 0.04, -0.12);
      case MUSHROOM ->
          plus(
              minus(oval(-0.5, -0.46, 0.5, 0.42), box(-0.6, 0.0, 0.6, 0.6)),
              box(-0.15, -0.05, 0.15, 0.48));
    };
  }

  private static Shape star() {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < 2 * STAR_POINTS; i++) {
      double radius = i % 2 == 0 ? 0.52 : 0.21;
      double angle = Math.PI * i / STAR_POINTS - Math.PI / 2;
      double x = radius * Math.cos(angle);
      double y = radius * Math.sin(angle) + 0.04;
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }

  private static Shape heart() {
    Path2D path = new Path2D.Double();
    path.moveTo(0, 0.48);
    path.curveTo(-0.35, 0.2, -0.5, 0.02, -0.5, -0.18);
    path.curveTo(-0.5, -0.52, -0.1, -0.52, 0, -0.22);
    path.curveTo(0.1, -0.52, 0.5, -0.52, 0.5, -0.18);
    path.curveTo(0.5, 0.02, 0.35, 0.2, 0, 0.48);
    path.closePath();
    return path;
  }

  private static Shape flower() {
    Area petals = new Area();
    for (int i = 0; i < PETALS; i++) {
      double angle = 2 * Math.PI * i / PETALS;
      petals.add(new Area(disc(0.32 * Math.cos(angle), 0.32 * Math.sin(angle), 0.17)));
    }
    Area ring = new Area(new BasicStroke(0.1f).createStrokedShape(disc(0, 0, 0.24)));
    petals.add(ring);
    petals.subtract(new Area(disc(0, 0, 0.14)));
    return petals;
  }

  private static Shape disc(double x, double y, double radius) {
    return oval(x - radius, y - radius, x + radius, y + radius);
  }

  private static Shape oval(double left, double top, double right, double bottom) {
    return new Ellipse2D.Double(left, top, right - left, bottom - top);
  }

  private static Shape box(double left, double top, double right, double bottom) {
    return new Rectangle2D.Double(left, top, right - left, bottom - top);
  }

  /** A closed polygon through x, y pairs. */
  private static Shape polygon(double... xy) {
    Path2D path = new Path2D.Double();
    path.moveTo(xy[0], xy[1]);
    for (int i = 2; i < xy.length; i += 2) {
      path.lineTo(xy[i], xy[i + 1]);
    }
    path.closePath();
    return path;
  }

  private static Shape plus(Shape... parts) {
    Area area = new Area();
    for (Shape part : parts) {
      area.add(new Area(part));
    }
    return area.createTransformedArea(new AffineTransform());
  }

  private static Shape minus(Shape whole, Shape hole) {
    Area area = new Area(whole);
    area.subtract(new Area(hole));
    return area;
  }
}
