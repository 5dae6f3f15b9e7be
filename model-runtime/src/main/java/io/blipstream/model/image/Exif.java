package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The orientation that a JPEG, PNG or WebP file states in its EXIF data or else in its XMP text, as
 * Pillow's {@code exif_transpose} looks for it. Called for files that were decoded, so their
 * containers are sound; what the metadata hold may still be anything, and then it is ignored.
 */
final class Exif {

  private static final byte[] EXIF = latin1("Exif\0\0");
  private static final byte[] XMP = latin1("http://ns.adobe.com/xap/1.0/\0");
  private static final byte[] PNG_XMP = latin1("XML:com.adobe.xmp\0\0\0");
  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private Optional<byte[]> exif = Optional.empty();
  private Optional<byte[]> xmp = Optional.empty();

  private Exif() {}

  /** How to turn the decoded image. */
  static Orientation orientation(ImageFormat format, byte[] file) {
    Exif found = new Exif();
    switch (format) {
      case JPEG -> found.jpeg(file);
      case PNG -> found.png(file);
      case WEBP -> found.webp(file);
      default -> {
        // GIF and BMP have none; a TIFF was turned when it was decoded.
      }
    }
    return found.orientation();
  }

  private Orientation orientation() {
    if (exif.isPresent()) {
      try {
        TiffDirectory tags = new TiffDirectory(exif.get());
        if (Orientation.isIn(tags)) {
          return Orientation.of(tags);
        }
      } catch (UnreadableImageException e) {
        return Orientation.UPRIGHT;
      }
    }
    if (xmp.isPresent()) {
      String text = new String(xmp.get(), StandardCharsets.ISO_8859_1);
      Matcher matcher = XMP_ORIENTATION.matcher(text);
      if (matcher.find()) {
        return Orientation.of(Long.parseLong(matcher.group(1)));
      }
    }
    return Orientation.UPRIGHT;
  }

  /** Segments up to the first scan. */
  private void jpeg(byte[] in) {
    int at = 2;
    while (at + 4 <= in.length && in[at] == (byte) 0xff) {
      int marker = in[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int length = (in[at + 2] & 0xff) << 8 | (in[at + 3] & 0xff);
      int end = at + 2 + length;
      if (marker == 0xda || end > in.length || length < 2) {
        return;
      }
      if (marker == 0xe1) {
        byte[] payload = Arrays.copyOfRange(in, at + 4, end);
        if (startsWith(payload, EXIF)) {
          foundExif(payload);
        } else if (startsWith(payload, XMP)) {
          xmp = xmp.or(() -> Optional.of(payload));
        }
      }
      at = end;
    }
  }

  private void png(byte[] in) {
    ByteBuffer buffer = ByteBuffer.wrap(in);
    for (int at = 8; at + 12 <= in.length; ) {
      int length = buffer.getInt(at);
      if (length < 0 || length > in.length - at - 12) {
        return;
      }
      String type = type(in, at + 4);
      byte[] payload = Arrays.copyOfRange(in, at + 8, at + 8 + length);
      if (type.equals("eXIf")) {
        foundExif(payload);
      } else if (type.equals("iTXt") && startsWith(payload, PNG_XMP)) {
        xmp = Optional.of(payload);
      }
      at += 12 + length;
    }
  }

  private void webp(byte[] in) {
    ByteBuffer buffer = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 12; at + 8 <= in.length; ) {
      long length = Integer.toUnsignedLong(buffer.getInt(at + 4));
      if (length > in.length - at - 8) {
        return;
      }
      String type = type(in, at);
      int from = at + 8;
      byte[] payload = Arrays.copyOfRange(in, from, from + (int) length);
      if (type.equals("EXIF")) {
        foundExif(payload);
      } else if (type.equals("XMP ")) {
        xmp = xmp.or(() -> Optional.of(payload));
      }
      at = from + (int) (length + (length & 1));
    }
  }

  private void foundExif(byte[] payload) {
    int from = startsWith(payload, EXIF) ? EXIF.length : 0;
    exif = exif.or(() -> Optional.of(Arrays.copyOfRange(payload, from, payload.length)));
  }

  private static String type(byte[] in, int at) {
    return new String(in, at, 4, StandardCharsets.ISO_8859_1);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
