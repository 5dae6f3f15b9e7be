package io.blipstream.model.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Image formats, told by the first bytes: the sender's word (a file name, a media type) may lie.
 */
enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  WEBP,
  AVIF,
  HEIC,
  TIFF,
  JPEG_2000,
  JPEG_XL,
  SVG,
  PDF;

  /** How far into a text its first element may lie. */
  private static final int PROLOGUE = 1024;

  private static final Pattern SVG_ELEMENT =
      Pattern.compile(
          "(\\u00ef\\u00bb\\u00bf)?\\s*<(svg[\\s>/]|[?!].*?<svg[\\s>/]).*", Pattern.DOTALL);

  /** The format that the bytes claim to be; empty if it is no image's. */
  static Optional<ImageFormat> sniff(byte[] bytes) {
    String start = latin1(bytes, 0, 16);
    if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return Optional.of(GIF);
    }
    if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    }
    if (start.startsWith("II*\0")
        || start.startsWith("MM\0*")
        || start.startsWith("II+\0")
        || start.startsWith("MM\0+")) {
      return Optional.of(TIFF);
    }
    if (start.startsWith("\0\0\0\fjP  ") || start.startsWith("\u00ffO\u00ffQ")) {
      return Optional.of(JPEG_2000);
    }
    if (start.startsWith("\0\0\0\fJXL ") || start.startsWith("\u00ff\n")) {
      return Optional.of(JPEG_XL);
    }
    if (start.startsWith("ftyp", 4)) {
      return isoMedia(latin1(bytes, 8, 12));
    }
    // Two letters alone would take any text that begins so; the reserved words must be 0, too.
    if (start.startsWith("BM") && start.startsWith("\0\0\0\0", 6)) {
      return Optional.of(BMP);
    }
    if (start.startsWith("%PDF-")) {
      return Optional.of(PDF);
    }
    return SVG_ELEMENT.matcher(latin1(bytes, 0, PROLOGUE)).matches()
        ? Optional.of(SVG)
        : Optional.empty();
  }

  private static Optional<ImageFormat> isoMedia(String brand) {
    if (brand.startsWith("avif") || brand.startsWith("avis")) {
      return Optional.of(AVIF);
    }
    boolean heif = brand.startsWith("he") || brand.startsWith("mif1") || brand.startsWith("msf1");
    return heif ? Optional.of(HEIC) : Optional.empty();
  }

  private static String latin1(byte[] bytes, int from, int length) {
    int begin = Math.min(from, bytes.length);
    int count = Math.min(length, bytes.length - begin);
    return new String(bytes, begin, count, StandardCharsets.ISO_8859_1);
  }
}
