package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.util.Arrays;

/**
 * The first frame of a GIF, drawn on its screen as Pillow does: outside the frame the screen shows
 * the transparent colour if there is one, or else the palette's first.
 *
 * <p>Read here and not by the JDK, whose reader takes a file that ends early for a whole one.
 */
final class GifDecoder {

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int HAS_PALETTE = 0x80;
  private static final int INTERLACED = 0x40;

  private final byte[] in;
  private int at = 6; // behind the signature

  private GifDecoder(byte[] in) {
    this.in = in;
  }

  static RgbImage decode(byte[] encoded, ImageLimits limits) throws UnreadableImageException {
    return new GifDecoder(encoded).firstFrame(limits);
  }

  private RgbImage firstFrame(ImageLimits limits) throws UnreadableImageException {
    int screenWidth = u16();
    int screenHeight = u16();
    int flags = u8();
    at += 2; // background colour and aspect ratio, which Pillow ignores, too
    byte[] palette = palette(flags);
    int transparent = 0;
    for (int block = u8(); block != IMAGE; block = u8()) {
      if (block != EXTENSION) {
        throw ImageDecoder.corrupt("the GIF has no frame");
      }
      if (u8() == GRAPHIC_CONTROL && at + 4 < in.length && (in[at + 1] & 1) != 0) {
        transparent = in[at + 4] & 0xff;
      }
      skipBlocks();
    }
    int left = u16();
    int top = u16();
    int width = u16();
    int height = u16();
    int frameFlags = u8();
    if ((frameFlags & HAS_PALETTE) != 0) {
      palette = palette(frameFlags);
    }
    int canvasWidth = Math.max(screenWidth, left + width);
    int canvasHeight = Math.max(screenHeight, top + height);
    limits.requireSize(width, height);
    limits.requireSize(canvasWidth, canvasHeight);
    byte[] indices = new GifPixels(in, at).read(width * height);
    byte[] rgb = new byte[canvasWidth * canvasHeight * RgbImage.CHANNELS];
    if (width < canvasWidth || height < canvasHeight) {
      for (int i = 0; i < rgb.length; i += RgbImage.CHANNELS) {
        colour(palette, transparent, rgb, i);
      }
    }
    int[] rows = rows(height, (frameFlags & INTERLACED) != 0);
    for (int y = 0; y < height; y++) {
      int to = ((top + rows[y]) * canvasWidth + left) * RgbImage.CHANNELS;
      for (int x = 0; x < width; x++, to += RgbImage.CHANNELS) {
        colour(palette, indices[y * width + x] & 0xff, rgb, to);
      }
    }
    return new RgbImage(canvasWidth, canvasHeight, rgb);
  }

  /** An index beyond the palette is black. */
  private static void colour(byte[] palette, int index, byte[] rgb, int to) {
    int from = index * RgbImage.CHANNELS;
    for (int i = 0; i < RgbImage.CHANNELS; i++) {
      rgb[to + i] = from < palette.length ? palette[from + i] : 0;
    }
  }

  /** Which row of the image each stored row is; interlacing stores every 8th first. */
  private static int[] rows(int height, boolean interlaced) {
    int[] rows = new int[height];
    if (!interlaced) {
      Arrays.setAll(rows, y -> y);
      return rows;
    }
    int stored = 0;
    int[] starts = {0, 4, 2, 1};
    int[] steps = {8, 8, 4, 2};
    for (int pass = 0; pass < starts.length; pass++) {
      for (int y = starts[pass]; y < height; y += steps[pass]) {
        rows[stored++] = y;
      }
    }
    return rows;
  }

  /** The palette behind a flag byte; without one, greys from 0 to 255. */
  private byte[] palette(int flags) throws UnreadableImageException {
    if ((flags & HAS_PALETTE) == 0) {
      byte[] greys = new byte[256 * RgbImage.CHANNELS];
      for (int i = 0; i < greys.length; i++) {
        greys[i] = (byte) (i / RgbImage.CHANNELS);
      }
      return greys;
    }
    int bytes = (2 << (flags & 7)) * RgbImage.CHANNELS;
    if (at + bytes > in.length) {
      throw GifPixels.truncated();
    }
    byte[] palette = Arrays.copyOfRange(in, at, at + bytes);
    at += bytes;
    return palette;
  }

  private void skipBlocks() throws UnreadableImageException {
    for (int length = u8(); length != 0; length = u8()) {
      at += length;
    }
  }

  private int u16() throws UnreadableImageException {
    return u8() | u8() << 8;
  }

  private int u8() throws UnreadableImageException {
    if (at >= in.length) {
      throw GifPixels.truncated();
    }
    return in[at++] & 0xff;
  }
}
