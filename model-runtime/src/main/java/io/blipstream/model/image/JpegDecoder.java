package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * JPEG by libjpeg-turbo or else by the JDK's libjpeg, behind our own walk over the markers.
 *
 * <p>The walk finds the size, requires the end marker (decoders fill up what is missing with grey),
 * bounds the number of scans, and copies the stream without its application data. What that data
 * says of the colours is decided here by libjpeg's rule, which Pillow follows and the JDK does not,
 * and told to the decoder in the one way all of them understand.
 */
final class JpegDecoder {

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;
  private static final int TEM = 0x01;

  /** A usual progressive file has 10; each costs a pass over the whole image. */
  private static final int MAX_SCANS = 100;

  /** APP0 "JFIF": three components are YCbCr. */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** APP14 "Adobe" with transform 0: components are stored as they are, RGB or CMYK. */
  private static final byte[] ADOBE_PLAIN = {
    (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  /** What the components mean. */
  enum Colours {
    /** What the markers say; four components are complements of inks, as Photoshop writes them. */
    MARKED,
    /** Three are YCbCr. */
    YCBCR,
    /** Three are RGB, four are inks. */
    PLAIN
  }

  private final byte[] in;
  private final ImageLimits limits;
  private final Colours colours;
  private final ByteArrayOutputStream stripped;
  private boolean jfif;
  private int adobeTransform = -1;
  private int frame = -1;
  private int scans;

  private JpegDecoder(byte[] in, ImageLimits limits, Colours colours) {
    this.in = in;
    this.limits = limits;
    this.colours = colours;
    this.stripped = new ByteArrayOutputStream(in.length);
  }

  /**
   * Decodes a file.
   *
   * @param target what libjpeg-turbo may scale down to; CMYK, and what the JDK has to read, comes
   *     in full size even so
   */
  static RgbImage decode(byte[] encoded, ImageLimits limits, Optional<TargetSize> target)
      throws UnreadableImageException {
    return decode(encoded, limits, Colours.MARKED, target);
  }

  static RgbImage decode(byte[] encoded, ImageLimits limits, Colours colours)
      throws UnreadableImageException {
    return decode(encoded, limits, colours, Optional.empty());
  }

  private static RgbImage decode(
      byte[] encoded, ImageLimits limits, Colours colours, Optional<TargetSize> target)
      throws UnreadableImageException {
    var decoder = new JpegDecoder(encoded, limits, colours);
    decoder.walk();
    if (decoder.components() == Cmyk.CHANNELS) {
      return decoder.inks();
    }
    byte[] stream = decoder.withColours();
    int width = decoder.width();
    int height = decoder.height();
    int reduction = target.map(size -> size.reduction(width, height)).orElse(1);
    Optional<RgbImage> image = NativeCodecs.jpeg(stream, width, height, reduction);
    return image.isPresent() ? image.get() : byJdk(stream);
  }

  /** The decoder that needs no native library. */
  static RgbImage decodeByJdk(byte[] encoded, ImageLimits limits) throws UnreadableImageException {
    var decoder = new JpegDecoder(encoded, limits, Colours.MARKED);
    decoder.walk();
    return decoder.components() == Cmyk.CHANNELS ? decoder.inks() : byJdk(decoder.withColours());
  }

  private static RgbImage byJdk(byte[] stream) throws UnreadableImageException {
    return Pixels.rgb(JdkReader.read("jpeg", stream, JpegDecoder::meansMadeUpPixels));
  }

  /** Four components, by the JDK, which alone gives the samples as they are stored. */
  private RgbImage inks() throws UnreadableImageException {
    Raster raster = JdkReader.raster("jpeg", withColours(), JpegDecoder::meansMadeUpPixels);
    if (raster.getNumBands() != Cmyk.CHANNELS
        || raster.getWidth() != width()
        || raster.getHeight() != height()) {
      throw ImageDecoder.corrupt("the JPEG's samples contradict its header");
    }
    boolean ycck = colours == Colours.MARKED && adobeTransform > 0;
    int[] samples = new int[width() * Cmyk.CHANNELS];
    byte[] rgb = new byte[width() * height() * RgbImage.CHANNELS];
    for (int y = 0; y < height(); y++) {
      raster.getPixels(0, y, width(), 1, samples);
      int row = y * width() * RgbImage.CHANNELS;
      Cmyk.writeRow(samples, ycck, colours == Colours.MARKED, rgb, row);
    }
    return new RgbImage(width(), height(), rgb);
  }

  /** libjpeg's words; bytes that it skipped between markers harm nothing. */
  private static boolean meansMadeUpPixels(String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    return (text.contains("corrupt") || text.contains("premature")) && !text.contains("extraneous");
  }

  private void walk() throws UnreadableImageException {
    int at = 2; // behind SOI
    while (true) {
      at = skipFill(at);
      int marker = in[at - 1] & 0xff;
      if (marker == EOI) {
        break;
      }
      if (marker == TEM || (marker >= 0xd0 && marker <= SOI)) {
        throw ImageDecoder.corrupt("a JPEG marker stands where none may");
      }
      int length = u16(at);
      if (length < 2 || at + length > in.length) {
        throw truncated();
      }
      int end = at + length;
      segment(marker, at, length);
      if (marker == SOS) {
        if (frame < 0 || ++scans > MAX_SCANS) {
          throw ImageDecoder.corrupt("the JPEG's scans contradict its header");
        }
        end = endOfScan(end);
      }
      if (!isApplicationData(marker)) {
        stripped.write(0xff);
        stripped.write(marker);
        stripped.write(in, at, end - at);
      }
      at = end;
    }
    if (scans == 0) {
      throw ImageDecoder.corrupt("the JPEG has no image data");
    }
    stripped.write(0xff);
    stripped.write(EOI);
  }

  private void segment(int marker, int at, int length) throws UnreadableImageException {
    if (marker == APP0) {
      jfif |= matches(at + 2, length - 2, "JFIF\0");
    } else if (marker == APP14) {
      if (length >= 14 && matches(at + 2, length - 2, "Adobe")) {
        adobeTransform = in[at + 13] & 0xff;
      }
    } else if (marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != JPG) {
      if (marker == DAC || marker > 0xc2) {
        throw ImageDecoder.unsupported("this kind of JPEG (lossless or arithmetic) is not read");
      }
      frame(at, length);
    }
  }

  private void frame(int at, int length) throws UnreadableImageException {
    if (frame >= 0 || length < 8 || length < 8 + 3 * in[at + 7]) {
      throw ImageDecoder.corrupt("the JPEG's frame header is damaged");
    }
    frame = at;
    if (in[at + 2] != 8) {
      throw ImageDecoder.unsupported("a JPEG of " + in[at + 2] + " bits a sample is not read");
    }
    if (components() != 1 && components() != 3 && components() != Cmyk.CHANNELS) {
      throw ImageDecoder.unsupported("a JPEG of %d components is not read".formatted(components()));
    }
    limits.requireSize(width(), height());
  }

  private int width() {
    return (in[frame + 5] & 0xff) << 8 | (in[frame + 6] & 0xff);
  }

  private int height() {
    return (in[frame + 3] & 0xff) << 8 | (in[frame + 4] & 0xff);
  }

  private int components() {
    return in[frame + 7] & 0xff;
  }

  private byte[] withColours() {
    byte[] body = stripped.toByteArray();
    boolean plain = components() == Cmyk.CHANNELS || (components() == 3 && isRgb());
    byte[] head = plain ? ADOBE_PLAIN : JFIF;
    byte[] whole = new byte[2 + head.length + body.length];
    whole[0] = (byte) 0xff;
    whole[1] = (byte) SOI;
    System.arraycopy(head, 0, whole, 2, head.length);
    System.arraycopy(body, 0, whole, 2 + head.length, body.length);
    return whole;
  }

  /** libjpeg's default_decompress_parms: JFIF, then Adobe's word, then the components' names. */
  private boolean isRgb() {
    if (colours != Colours.MARKED) {
      return colours == Colours.PLAIN;
    }
    if (jfif) {
      return false;
    }
    if (adobeTransform >= 0) {
      return adobeTransform == 0;
    }
    return in[frame + 8] == 'R' && in[frame + 11] == 'G' && in[frame + 14] == 'B';
  }

  private static boolean isApplicationData(int marker) {
    return (marker >= APP0 && marker <= APP15) || marker == COM;
  }

  /** Behind the marker that must start here; any number of 0xff may precede it. */
  private int skipFill(int at) throws UnreadableImageException {
    int i = at;
    if (i >= in.length) {
      throw truncated();
    }
    if ((in[i] & 0xff) != 0xff) {
      throw ImageDecoder.corrupt("the JPEG has no marker where one must be");
    }
    while (i < in.length && (in[i] & 0xff) == 0xff) {
      i++;
    }
    if (i >= in.length) {
      throw truncated();
    }
    return i + 1;
  }

  /** Where the entropy-coded data ends: at a marker that is neither stuffing nor a restart. */
  private int endOfScan(int from) throws UnreadableImageException {
    for (int i = from; i + 1 < in.length; i++) {
      int next = in[i + 1] & 0xff;
      if ((in[i] & 0xff) == 0xff && next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) {
        return i;
      }
    }
    throw truncated();
  }

  private int u16(int at) throws UnreadableImageException {
    if (at + 1 >= in.length) {
      throw truncated();
    }
    return (in[at] & 0xff) << 8 | (in[at + 1] & 0xff);
  }

  private boolean matches(int at, int length, String text) {
    if (length < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (in[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static UnreadableImageException truncated() {
    return ImageDecoder.corrupt("the JPEG ends before its end marker");
  }
}
