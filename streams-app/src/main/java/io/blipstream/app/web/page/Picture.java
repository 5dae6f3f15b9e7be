package io.blipstream.app.web.page;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.image.ImageDecoder;
import io.blipstream.model.image.ImageLimits;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;
import io.blipstream.model.image.TargetSize;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * A small JPEG of an image, drawn anew: what a sender's bytes hold beside pixels reaches no
 * browser.
 */
final class Picture {

  /** A picture is worth less than a judgement: what would be dear to decode is not shown. */
  private static final ImageLimits LIMITS = new ImageLimits(16L << 20, 40_000_000, 32_768);

  private Picture() {}

  /**
   * @param side longest side of the picture, in pixels; smaller images keep their size
   * @throws UnreadableImageException if it cannot be decoded within the limits
   */
  static byte[] of(byte[] encoded, int side) throws UnreadableImageException {
    RgbImage image =
        ImageDecoder.decode(encoded, LIMITS, true, Optional.of(new TargetSize(side, side)));
    double scale = Math.min(1, (double) side / Math.max(image.width(), image.height()));
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    try (ByteArrayOutputStream jpeg = new ByteArrayOutputStream()) {
      ImageIO.write(buffered(PillowResize.bicubic(image, width, height)), "jpg", jpeg);
      return jpeg.toByteArray();
    } catch (IOException e) {
      throw new UnreadableImageException(
          UnreadableImageException.Reason.TRUNCATED_OR_CORRUPT, "no picture could be drawn", e);
    }
  }

  private static BufferedImage buffered(RgbImage image) {
    byte[] rgb = image.rgb();
    int width = image.width();
    var raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(rgb, rgb.length),
            width,
            image.height(),
            3 * width,
            3,
            new int[] {0, 1, 2},
            null);
    ColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            ColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(colours, raster, false, null);
  }
}
