package io.blipstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected pixels are those of Pillow 12.3, {@code Image.open(file).convert("RGB")}. */
class ImageDecoderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.png",
        "rgba.png",
        "rgb-keyed.png",
        "rgb16.png",
        "rgba16.png",
        "text-profile.png",
        "palette.png",
        "palette-transparent.png",
        "palette-short.png",
        "grey.png",
        "grey1.png",
        "grey2.png",
        "grey4.png",
        "grey16.png",
        "grey-alpha.png",
        "grey-alpha16.png",
        "plain.gif",
        "interlaced.gif",
        "noise.gif",
        "offset.gif",
        "offset-transparent.gif",
        "animated.gif",
        "24.bmp",
        "24-top-down.bmp",
        "32.bmp",
        "16.bmp",
        "8.bmp",
        "grey.bmp",
        "1.bmp"
      })
  void shouldGivePillowsPixelsExactly(String name) throws Exception {
    RgbImage image = Images.decode("/images/" + name);
    RgbImage expected = Images.decode("/images/" + name + ".expected.png");
    assertThat(image.width()).isEqualTo(expected.width());
    assertThat(image.height()).isEqualTo(expected.height());
    assertThat(image.rgb()).isEqualTo(expected.rgb());
  }

  /** JPEG decoders may differ by rounding, but not by colour spaces, profiles or orientation. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "420.jpg",
        "444.jpg",
        "444-no-jfif.jpg",
        "progressive.jpg",
        "grey.jpg",
        "rgb-adobe.jpg",
        "exif-rotated.jpg",
        "profile.jpg",
        "restart.jpg",
        "trailing.jpg"
      })
  void shouldGivePillowsPixelsOfAJpegNearly(String name) throws Exception {
    RgbImage image = Images.decode("/images/" + name);
    RgbImage expected = Images.decode("/images/" + name + ".expected.png");
    assertThat(image.width()).isEqualTo(expected.width());
    for (int i = 0; i < image.rgb().length; i++) {
      assertThat(Math.abs((image.rgb()[i] & 0xff) - (expected.rgb()[i] & 0xff)))
          .as("sample %d", i)
          .isLessThanOrEqualTo(2);
    }
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
        "1.bmp"
      })
  void shouldRefuseATruncationWhereverItIs(String name) throws Exception {
    byte[] whole = Images.bytes("/images/" + name);
    ImageDecoder.decode(whole, ImageLimits.DEFAULT);
    // A GIF may lack its trailer and the end of its last block: no pixel is in them.
    int needed = name.endsWith(".gif") ? whole.length - 4 : whole.length;
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
    "x-x.webp, WEBP",
    "x-x.tiff, TIFF",
    "x-x.avif, AVIF",
    "x-x.jp2, JPEG_2000",
    "x-cmyk.jpg, 4 components"
  })
  void shouldNameAFormatThatIsNotRead(String name, String word) throws IOException {
    byte[] bytes = Images.bytes("/images/" + name);
    assertThat(reason(bytes)).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThatThrownBy(() -> ImageDecoder.decode(bytes, ImageLimits.DEFAULT))
        .hasMessageContaining(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hello", "BM, a magazine for all", "<svg/>", "{\"image\":1}", "GIF", "%PDF-1.7"})
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "420.jpg",
        "progressive.jpg",
        "grey.jpg",
        "restart.jpg",
        "rgb.png",
        "palette.png",
        "grey16.png",
        "interlaced.gif",
        "offset-transparent.gif",
        "16.bmp",
        "8.bmp"
      })
  void shouldSurviveAnyMutation(String name) throws IOException {
    byte[] whole = Images.bytes("/images/" + name);
    Random random = new Random(name.hashCode());
    // Small, so that a mutation that enlarges the image is refused instead of filling the heap.
    ImageLimits limits = new ImageLimits(1 << 20, 100_000, 2_000);
    int decoded = 0;
    for (int i = 0; i < 400; i++) {
      byte[] mutated = mutate(whole, random);
      try {
        RgbImage image = ImageDecoder.decode(mutated, limits);
        assertThat((long) image.width() * image.height()).isLessThanOrEqualTo(100_000);
        decoded++;
      } catch (UnreadableImageException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
    assertThat(decoded).as("a mutation may be harmless, but not all").isLessThan(400);
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
