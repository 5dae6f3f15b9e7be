package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.image.TiffData.Packing;
import java.util.Arrays;

/**
 * The first page of a TIFF or BigTIFF: strips or tiles, chunky or by planes, stored, LZW, deflate,
 * PackBits or JPEG; grey, palette, RGB, CMYK, and YCbCr within JPEG.
 *
 * <p>Unlike with other formats, the orientation tag is always followed, as Pillow does when it
 * loads a TIFF.
 *
 * <p>Sizes, counts and places come from the directory, and each is checked against the limits and
 * the file before it is used. Memory is the image's and a row's, whatever a strip or tile claims.
 *
 * <p>Source: TIFF 6.0; Pillow's {@code TiffImagePlugin}.
 */
final class TiffDecoder {

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int PACKING = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int FILL_ORDER = 266;
  private static final int STRIP_OFFSETS = 273;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANAR = 284;
  private static final int PREDICTOR = 317;
  private static final int COLOUR_MAP = 320;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;

  private static final int MAX_SAMPLES = 6;
  private static final int TILE_STEP = 16;

  private final byte[] in;
  private final ImageLimits limits;
  private final TiffDirectory tags;
  private final int width;
  private final int height;
  private final int bits;
  private final int count;
  private final Packing packing;
  private final int photometric;
  private final boolean planar;
  private final boolean differences;
  private final TiffSamples samples;
  private final byte[] rgb;

  private TiffDecoder(byte[] in, ImageLimits limits) throws UnreadableImageException {
    this.in = in;
    this.limits = limits;
    tags = new TiffDirectory(in);
    limits.requireSize(tags.value(WIDTH, 0), tags.value(HEIGHT, 0));
    width = (int) tags.value(WIDTH, 0);
    height = (int) tags.value(HEIGHT, 0);
    packing = Packing.of(tags.value(PACKING, 1));
    photometric = small(PHOTOMETRIC, 0);
    count = small(SAMPLES, 1);
    if (count < 1 || count > MAX_SAMPLES) {
      throw ImageDecoder.unsupported("a TIFF of " + count + " samples a pixel is not read");
    }
    bits = alike(BITS, 1);
    planar = count > 1 && tags.value(PLANAR, 1) == 2;
    int predictor = small(PREDICTOR, 1);
    differences = predictor == 2 && (packing == Packing.LZW || packing == Packing.DEFLATE);
    if (predictor > 2 || (differences && bits < 8)) {
      throw ImageDecoder.unsupported("a TIFF of predictor " + predictor + " is not read");
    }
    boolean mapped = photometric == TiffSamples.PALETTE && bits <= 8;
    samples =
        new TiffSamples(
            photometric,
            bits,
            alike(SAMPLE_FORMAT, 1),
            count,
            tags.value(EXTRA_SAMPLES, 0) == 1,
            mapped ? tags.values(COLOUR_MAP, RgbImage.CHANNELS << bits) : new long[0]);
    samples.require();
    boolean jpeg = packing == Packing.JPEG;
    if (jpeg ? planar || bits != 8 : photometric == TiffSamples.YCBCR) {
      throw ImageDecoder.unsupported("a TIFF of YCbCr or JPEG in this layout is not read");
    }
    rgb = new byte[width * height * RgbImage.CHANNELS];
  }

  static RgbImage decode(byte[] encoded, ImageLimits limits) throws UnreadableImageException {
    var decoder = new TiffDecoder(encoded, limits);
    decoder.readPieces();
    var image = new RgbImage(decoder.width, decoder.height, decoder.rgb);
    return Orientation.of(decoder.tags).apply(image);
  }

  /** Every strip or tile, row of tiles by row of tiles. */
  private void readPieces() throws UnreadableImageException {
    boolean tiles = tags.has(TILE_OFFSETS);
    long pieceWidth = tiles ? tags.value(TILE_WIDTH, 0) : width;
    long pieceHeight =
        tiles ? tags.value(TILE_HEIGHT, 0) : Math.min(height, tags.value(ROWS_PER_STRIP, height));
    limits.requireSize(pieceWidth, pieceHeight);
    if (tiles && (pieceWidth % TILE_STEP != 0 || pieceHeight % TILE_STEP != 0)) {
      throw ImageDecoder.corrupt("the TIFF's tiles have sides that are no multiple of 16");
    }
    int across = (int) ((width + pieceWidth - 1) / pieceWidth);
    int down = (int) ((height + pieceHeight - 1) / pieceHeight);
    int planes = planar ? count : 1;
    long[] offsets = tags.values(tiles ? TILE_OFFSETS : STRIP_OFFSETS, across * down * planes);
    long[] lengths = lengths(tiles ? TILE_BYTES : STRIP_BYTES, offsets);
    for (int piece = 0; piece < across * down; piece++) {
      int left = piece % across * (int) pieceWidth;
      int top = piece / across * (int) pieceHeight;
      // Tiles are whole even where the image ends; of strips the last one is shorter.
      int rows = Math.min((int) pieceHeight, height - top);
      if (packing == Packing.JPEG) {
        jpeg(bytes(offsets[piece], lengths[piece]), left, top, (int) pieceWidth, rows);
        continue;
      }
      TiffData[] data = new TiffData[planes];
      try {
        for (int plane = 0; plane < planes; plane++) {
          int at = piece + plane * across * down;
          data[plane] = TiffData.open(packing, bytes(offsets[at], lengths[at]));
        }
        rows(data, left, top, (int) pieceWidth, rows);
      } finally {
        Arrays.stream(data).filter(opened -> opened != null).forEach(TiffData::close);
      }
    }
  }

  private void rows(TiffData[] data, int left, int top, int pieceWidth, int rows)
      throws UnreadableImageException {
    int perRow = pieceWidth * count / data.length;
    byte[] packed = new byte[(perRow * bits + 7) / 8];
    int[] row = new int[pieceWidth * count];
    int shown = Math.min(pieceWidth, width - left);
    for (int y = 0; y < rows; y++) {
      for (int plane = 0; plane < data.length; plane++) {
        data[plane].read(packed);
        unpack(packed, perRow, row, plane, data.length);
      }
      if (differences) {
        int mask = bits == 32 ? -1 : (1 << bits) - 1;
        for (int i = count; i < row.length; i++) {
          row[i] = row[i] + row[i - count] & mask;
        }
      }
      samples.write(row, shown, rgb, ((top + y) * width + left) * RgbImage.CHANNELS);
    }
  }

  /** Samples of a row, spread by so many places each. */
  private void unpack(byte[] packed, int perRow, int[] row, int first, int spread) {
    boolean little = tags.isLittleEndian();
    int bytes = bits / 8;
    for (int i = 0, to = first; i < perRow; i++, to += spread) {
      if (bytes == 0) {
        int bit = i * bits;
        row[to] = (packed[bit >> 3] & 0xff) >> (8 - bits - (bit & 7)) & ((1 << bits) - 1);
        continue;
      }
      int sample = 0;
      for (int k = 0; k < bytes; k++) {
        sample = sample << 8 | (packed[i * bytes + (little ? bytes - 1 - k : k)] & 0xff);
      }
      row[to] = sample;
    }
  }

  /** A piece that is a JPEG of its own, but for tables which all pieces share. */
  private void jpeg(byte[] piece, int left, int top, int pieceWidth, int rows)
      throws UnreadableImageException {
    byte[] whole = TiffJpeg.withTables(piece, tags);
    RgbImage image =
        JpegDecoder.decode(
            whole,
            limits,
            photometric == TiffSamples.YCBCR
                ? JpegDecoder.Colours.YCBCR
                : JpegDecoder.Colours.PLAIN);
    if (image.width() != pieceWidth || image.height() < rows) {
      throw ImageDecoder.corrupt("a JPEG within the TIFF has another size than its strip or tile");
    }
    boolean negative = photometric == TiffSamples.WHITE_IS_ZERO;
    int shown = Math.min(pieceWidth, width - left) * RgbImage.CHANNELS;
    for (int y = 0; y < rows; y++) {
      int from = y * pieceWidth * RgbImage.CHANNELS;
      int to = ((top + y) * width + left) * RgbImage.CHANNELS;
      for (int i = 0; i < shown; i++) {
        rgb[to + i] = (byte) (negative ? ~image.rgb()[from + i] : image.rgb()[from + i]);
      }
    }
  }

  /** Without the lengths, a piece may reach to the end of the file. */
  private long[] lengths(int tag, long[] offsets) throws UnreadableImageException {
    if (tags.has(tag)) {
      return tags.values(tag, offsets.length);
    }
    return Arrays.stream(offsets).map(offset -> Math.max(0, in.length - offset)).toArray();
  }

  private byte[] bytes(long offset, long length) throws UnreadableImageException {
    if (offset < 0 || length < 0 || offset > in.length || length > in.length - offset) {
      throw TiffDirectory.truncated();
    }
    byte[] bytes = Arrays.copyOfRange(in, (int) offset, (int) (offset + length));
    if (tags.value(FILL_ORDER, 1) == 2 && packing != Packing.JPEG) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
      }
    }
    return bytes;
  }

  /** A tag with a value for each sample, or one for all; they must be the same. */
  private int alike(int tag, int missing) throws UnreadableImageException {
    long[] values =
        tags.has(tag)
            ? tags.values(tag, (int) Math.min(count, tags.count(tag)))
            : new long[] {missing};
    if (Arrays.stream(values).distinct().count() > 1) {
      throw ImageDecoder.unsupported("a TIFF whose samples have different sizes is not read");
    }
    return (int) Math.min(Short.MAX_VALUE, values[0]);
  }

  private int small(int tag, int missing) throws UnreadableImageException {
    return (int) Math.max(0, Math.min(Short.MAX_VALUE, tags.value(tag, missing)));
  }
}
