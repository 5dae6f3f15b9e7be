package io.blipstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.blipstream.model.Fuzz;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected pixels are those of Pillow 12.3, {@code Image.open(file).convert("RGB")}. */
class ImageDecoderTest {

  /** Of each test image, but fewer of a JPEG: of each, libjpeg writes a line to standard error. */
  private static final int MUTATIONS = 200;

  private static final int JPEG_MUTATIONS = 20;

  private static final int MOST_PIXELS = 100_000;

  /** An image of that size takes 0.3 MB, and decoders make copies of it in other layouts. */
  private static final long MAX_ALLOCATED_BYTES = 8 << 20;

  private static final int TIFF_TAIL_BYTES = 40;

  /** Every test image: JPEG and WebP too are exact, as the decoders are the reference's own. */
  static List<String> images() throws IOException {
    return Images.withSuffix(".expected.png");
  }

  static List<String> jpegs() throws IOException {
    return images().stream().filter(name -> name.endsWith(".jpg")).toList();
  }

  static List<String> orientedImages() throws IOException {
    return Images.withSuffix(".upright.png");
  }

  @Test
  void shouldHaveImagesOfEveryFormatAndTheNativeDecoders() throws IOException {
    assertThat(images()).hasSizeGreaterThan(110);
    for (String ending : new String[] {".jpg", ".png", ".gif", ".bmp", ".webp", ".tiff"}) {
      assertThat(images()).as(ending).anyMatch(name -> name.endsWith(ending));
    }
    assertThat(orientedImages()).hasSize(19);
    assertThat(NativeCodecs.missing()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("images")
  void shouldGivePillowsPixelsExactly(String name) throws Exception {
    assertSame(Images.decode("/images/" + name), name + ".expected.png");
  }

  /** Without the native library nothing changes but the speed. */
  @ParameterizedTest
  @MethodSource("jpegs")
  void shouldGivePillowsPixelsOfAJpegByTheJdkAsWell(String name) throws Exception {
    byte[] bytes = Images.bytes("/images/" + name);
    assertSame(JpegDecoder.decodeByJdk(bytes, ImageLimits.DEFAULT), name + ".expected.png");
  }

  @ParameterizedTest
  @MethodSource("orientedImages")
  void shouldTurnAnImageUprightIfAsked(String name) throws Exception {
    byte[] bytes = Images.bytes("/images/" + name);
    assertSame(
        ImageDecoder.decode(bytes, ImageLimits.DEFAULT, true, Optional.empty()),
        name + ".upright.png");
    if (!name.endsWith(".tiff") && !name.contains("1")) {
      assertThat(ImageDecoder.decode(bytes, ImageLimits.DEFAULT).rgb())
          .as("not asked")
          .isNotEqualTo(Images.decode("/images/" + name + ".upright.png").rgb());
    }
  }

  private static void assertSame(RgbImage image, String expectedName) throws Exception {
    RgbImage expected = Images.decode("/images/" + expectedName);
    assertThat(image.width()).isEqualTo(expected.width());
    assertThat(image.height()).isEqualTo(expected.height());
    assertThat(image.rgb()).isEqualTo(expected.rgb());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.png",
        "palette.png",
        "grey16.png",
        "420.jpg",
        "progressive.jpg",
        "grey.jpg",
        "restart.jpg",
        "plain.gif",
        "interlaced.gif",
        "noise.gif",
        "24.bmp",
        "8.bmp",
        "1.bmp",
        "cmyk.jpg",
        "cmyk-progressive.jpg",
        "lossy.webp",
        "lossless.webp",
        "lossy-alpha.webp",
        "animated-part.webp",
        "rgb-raw.tiff",
        "rgb-strips.tiff",
        "rgb-packbits.tiff",
        "rgb-jpeg-strips.tiff",
        "tiles-deflate.tiff",
        "planar.tiff",
        "big.tiff"
      })
  void shouldRefuseATruncationWhereverItIs(String name) throws Exception {
    byte[] whole = Images.bytes("/images/" + name);
    ImageDecoder.decode(whole, ImageLimits.DEFAULT);
    // A GIF may lack its trailer and the end of its last block, a TIFF the place of a next page
    // and a resolution: no pixel is in them.
    int needed =
        whole.length - (name.endsWith(".gif") ? 4 : name.endsWith(".tiff") ? TIFF_TAIL_BYTES : 0);
    int step = Math.max(1, needed / 200);
    for (int length = needed - 1; length >= 0; length -= step) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(reason(cut))
          .as("%d of %d bytes", length, whole.length)
          .isIn(Reason.TRUNCATED_OR_CORRUPT, Reason.NOT_AN_IMAGE, Reason.EMPTY);
    }
  }

  /** The containers are whole here, so only the decoder can tell that pixels are missing. */
  @Test
  void shouldRefuseAWholeContainerWithTooLittleData() throws IOException {
    byte[] png = png(40, 40, new byte[39 * 121]);
    assertThat(reason(png)).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
    assertThatCode(() -> ImageDecoder.decode(png(40, 40, new byte[40 * 121]), ImageLimits.DEFAULT))
        .doesNotThrowAnyException();

    byte[] jpeg = Images.bytes("/images/444.jpg");
    int scan = indexOf(jpeg, 0xff, 0xda);
    byte[] emptied = Arrays.copyOf(jpeg, jpeg.length - 100);
    emptied[emptied.length - 2] = (byte) 0xff;
    emptied[emptied.length - 1] = (byte) 0xd9;
    assertThat(scan).isLessThan(emptied.length);
    assertThat(reason(emptied)).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
  }

  @Test
  void shouldRefuseAWrongChecksum() throws IOException {
    byte[] png = Images.bytes("/images/rgb.png");
    png[indexOf(png, 'I', 'D', 'A', 'T') + 10] ^= 1;
    assertThatThrownBy(() -> ImageDecoder.decode(png, ImageLimits.DEFAULT))
        .hasMessageContaining("wrong checksum");
  }

  @ParameterizedTest
  @CsvSource({
    "x-x.avif, AVIF",
    "x-x.heic, HEIC",
    "x-x.jp2, JPEG_2000",
    "x-x.jxl, JPEG_XL",
    "x-x.svg, SVG",
    "x-x.pdf, PDF"
  })
  void shouldNameAFormatThatIsNotRead(String name, String word) throws IOException {
    byte[] bytes = Images.bytes("/images/" + name);
    assertThat(reason(bytes)).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThatThrownBy(() -> ImageDecoder.decode(bytes, ImageLimits.DEFAULT))
        .hasMessageContaining(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "BM, a magazine for all",
        "<html>",
        "<?xml?><a/>",
        "{\"image\":1}",
        "GIF"
      })
  void shouldTellWhatIsNoImage(String text) {
    assertThat(reason(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.NOT_AN_IMAGE);
  }

  @Test
  void shouldHoldTheLimits() throws IOException {
    byte[] png = Images.bytes("/images/rgb.png"); // 21 x 14
    assertThat(reason(png, new ImageLimits(png.length, 21 * 14, 21))).isNull();
    assertThat(reason(png, new ImageLimits(png.length - 1, 21 * 14, 21)))
        .isEqualTo(Reason.TOO_MANY_BYTES);
    assertThat(reason(new byte[0])).isEqualTo(Reason.EMPTY);
    for (String name : new String[] {"rgb.png", "420.jpg", "plain.gif", "24.bmp"}) {
      byte[] bytes = Images.bytes("/images/" + name);
      assertThat(reason(bytes, new ImageLimits(1 << 20, 21 * 14 - 1, 21)))
          .as(name)
          .isEqualTo(Reason.TOO_MANY_PIXELS);
      assertThat(reason(bytes, new ImageLimits(1 << 20, 21 * 14, 20)))
          .as(name)
          .isEqualTo(Reason.TOO_MANY_PIXELS);
    }
  }

  /** Headers that announce gigapixels, with hardly a byte behind them. */
  @Test
  void shouldRefuseABombByItsHeader() throws IOException {
    assertThat(reason(png(30_000, 30_000, new byte[10]))).isEqualTo(Reason.TOO_MANY_PIXELS);
    assertThat(reason(png(-1, -1, new byte[10]))).isEqualTo(Reason.TOO_MANY_PIXELS);
    byte[] gif = Images.bytes("/images/plain.gif");
    Arrays.fill(gif, 6, 10, (byte) 0xff);
    assertThat(reason(gif)).isEqualTo(Reason.TOO_MANY_PIXELS);
    byte[] jpeg = Images.bytes("/images/420.jpg");
    Arrays.fill(jpeg, indexOf(jpeg, 0xff, 0xc0) + 5, indexOf(jpeg, 0xff, 0xc0) + 9, (byte) 0xff);
    assertThat(reason(jpeg)).isEqualTo(Reason.TOO_MANY_PIXELS);
    byte[] bmp = Images.bytes("/images/24.bmp");
    ByteBuffer.wrap(bmp).putInt(18, 0xffff0000).putInt(22, 0x00000080);
    assertThat(reason(bmp)).isEqualTo(Reason.TOO_MANY_PIXELS);
  }

  @Test
  void shouldRefuseAWebpOrTiffBombByItsHeader() throws IOException {
    byte[] lossy = Images.bytes("/images/lossy.webp");
    Arrays.fill(lossy, 26, 30, (byte) 0x3f);
    assertThat(reason(lossy)).isEqualTo(Reason.TOO_MANY_PIXELS);
    byte[] lossless = Images.bytes("/images/lossless.webp");
    Arrays.fill(lossless, 21, 24, (byte) 0xff);
    lossless[24] |= 0x0f;
    assertThat(reason(lossless)).isEqualTo(Reason.TOO_MANY_PIXELS);
    byte[] canvas = Images.bytes("/images/animated.webp");
    Arrays.fill(canvas, 24, 30, (byte) 0xff);
    assertThat(reason(canvas)).isEqualTo(Reason.TOO_MANY_PIXELS);

    assertThat(reason(tiffWith(256, 40_000))).isEqualTo(Reason.TOO_MANY_PIXELS);
    assertThat(reason(tiffWith(257, 40_000))).isEqualTo(Reason.TOO_MANY_PIXELS);
    assertThat(reason(tiffWith(322, 65_520))).isEqualTo(Reason.TOO_MANY_PIXELS);
    assertThat(reason(tiffWith(323, 17))).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
    assertThat(reason(tiffWith(322, 0))).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
    assertThat(reason(tiffWith(277, 60_000))).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(reason(tiffWith(258, 3))).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(reason(tiffWith(259, 4))).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(reason(tiffWith(262, 8))).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(reason(tiffWith(324, 1 << 30))).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
  }

  /** The tiled test image with one tag's value (or the place of its values) overwritten. */
  private static byte[] tiffWith(int tag, int value) throws IOException {
    byte[] tiff = Images.bytes("/images/tiles.tiff");
    ByteBuffer buffer = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(4);
    for (int i = 0; i < buffer.getShort(directory); i++) {
      int at = directory + 2 + 12 * i;
      if (buffer.getShort(at) == tag) {
        boolean several = tag == 258;
        buffer.putInt(
            several ? buffer.getInt(at + 8) : at + 8, several ? value << 16 | value : value);
        if (several) {
          buffer.putShort(buffer.getInt(at + 8) + 4, (short) value);
        }
        return tiff;
      }
    }
    throw new IllegalArgumentException("no tag " + tag);
  }

  /** Data within whole containers: only the decoders can tell. */
  @Test
  void shouldRefuseAWebpWhoseDataEndEarly() throws IOException {
    for (String name : new String[] {"lossy.webp", "lossless.webp"}) {
      byte[] webp = Images.bytes("/images/" + name);
      ByteBuffer buffer = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
      int cut = buffer.getInt(16) / 2 & ~1;
      byte[] half = Arrays.copyOf(webp, 20 + cut);
      ByteBuffer.wrap(half).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 12 + cut).putInt(16, cut);
      assertThat(reason(half)).as(name).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void shouldSurviveAnyMutation(String name) throws IOException {
    byte[] whole = Images.bytes("/images/" + name);
    Random random = new Random(name.hashCode());
    Fuzz fuzz = fuzz();
    int mutations = name.contains("jp") ? JPEG_MUTATIONS : MUTATIONS;
    int refused = 0;
    for (int i = 0; i < mutations; i++) {
      refused += fuzz.read(mutate(whole, random)).isPresent() ? 1 : 0;
    }
    assertThat(refused).as("a mutation may be harmless, but not all").isPositive();
  }

  @Test
  void shouldStillRefuseEveryInputOfTheCorpus() throws IOException {
    Fuzz fuzz = fuzz();
    assertThat(fuzz.corpus()).hasSizeGreaterThan(20);
    for (byte[] kept : fuzz.corpus()) {
      assertThat(fuzz.read(kept)).isPresent();
    }
  }

  /** The negative control of both: what a decoder does that believes what a header says. */
  @Test
  void shouldSeeADecoderThatAllocatesBeforeItChecks() throws IOException {
    byte[] bomb = png(6_000, 6_000, new byte[10]);
    assertThat(fuzz().read(bomb)).isPresent();
    Fuzz trusting =
        new Fuzz(
            "images",
            MAX_ALLOCATED_BYTES,
            bytes -> {
              try {
                ImageIO.read(new ByteArrayInputStream(bytes));
                return Optional.empty();
              } catch (IOException e) {
                return Optional.of(e.toString());
              }
            });
    assertThatThrownBy(() -> trusting.read(bomb))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bytes were allocated");
  }

  /** With limits so small that a mutation that enlarges the image is refused. */
  private static Fuzz fuzz() {
    ImageLimits limits = new ImageLimits(1 << 20, MOST_PIXELS, 2_000);
    return new Fuzz(
        "images",
        MAX_ALLOCATED_BYTES,
        bytes -> {
          try {
            RgbImage image =
                ImageDecoder.decode(bytes, limits, bytes.length % 2 == 0, target(bytes.length));
            assertThat((long) image.width() * image.height()).isLessThanOrEqualTo(MOST_PIXELS);
            return Optional.empty();
          } catch (UnreadableImageException e) {
            assertThat(e.getMessage()).isNotBlank();
            return Optional.of(e.getMessage());
          }
        });
  }

  /** A tiny one now and then, so that mutations meet scaled decoding, too. */
  private static Optional<TargetSize> target(int i) {
    return i % 3 == 0 ? Optional.of(new TargetSize(4, 4)) : Optional.empty();
  }

  private static byte[] mutate(byte[] whole, Random random) {
    byte[] mutated = whole.clone();
    for (int k = random.nextInt(4); k >= 0; k--) {
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
    }
    if (random.nextInt(8) == 0) {
      int from = random.nextInt(mutated.length);
      int to = from + random.nextInt(mutated.length - from);
      byte[] doubled = Arrays.copyOf(mutated, mutated.length + to - from);
      System.arraycopy(mutated, from, doubled, to, mutated.length - from);
      mutated = doubled;
    }
    return random.nextInt(4) == 0 ? withRightChecksums(mutated) : mutated;
  }

  /** So that mutations of a PNG reach what lies behind the checksums. */
  private static byte[] withRightChecksums(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (int at = 8; bytes[0] == (byte) 0x89 && at + 12 <= bytes.length; ) {
      int length = buffer.getInt(at);
      if (length < 0 || length > bytes.length - at - 12) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, at + 4, length + 4);
      buffer.putInt(at + 8 + length, (int) crc.getValue());
      at += length + 12;
    }
    return bytes;
  }

  /** An RGB PNG whose data unpacks to the given bytes. */
  private static byte[] png(int width, int height, byte[] unpacked) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    byte[] header = new byte[13];
    ByteBuffer.wrap(header).putInt(width).putInt(height).put((byte) 8).put((byte) 2);
    chunk(out, "IHDR", header);
    Deflater deflater = new Deflater();
    deflater.setInput(unpacked);
    deflater.finish();
    byte[] packed = new byte[unpacked.length + 100];
    int length = deflater.deflate(packed);
    deflater.end();
    chunk(out, "IDAT", Arrays.copyOf(packed, length));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(StandardCharsets.US_ASCII));
    crc.update(data);
    out.write(ByteBuffer.allocate(4).putInt(data.length).array());
    out.write(type.getBytes(StandardCharsets.US_ASCII));
    out.write(data);
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static int indexOf(byte[] bytes, int... pattern) {
    for (int i = 0; i + pattern.length <= bytes.length; i++) {
      boolean equal = true;
      for (int k = 0; k < pattern.length; k++) {
        equal &= (bytes[i + k] & 0xff) == pattern[k];
      }
      if (equal) {
        return i;
      }
    }
    throw new IllegalArgumentException("the pattern is not there");
  }

  private static Reason reason(byte[] bytes) {
    return reason(bytes, ImageLimits.DEFAULT);
  }

  /** Why an image is refused; null if it is not. */
  private static Reason reason(byte[] bytes, ImageLimits limits) {
    UnreadableImageException e =
        catchThrowableOfType(
            UnreadableImageException.class, () -> ImageDecoder.decode(bytes, limits));
    return e == null ? null : e.reason();
  }
}
