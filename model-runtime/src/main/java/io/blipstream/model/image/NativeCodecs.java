package io.blipstream.model.image;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.blipstream.model.UnreadableImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libjpeg-turbo and libwebp, as they are linked into the Leptonica library.
 *
 * <p>What must hold: only streams that our own walk has taken apart and put together again come
 * here (one frame, no application data, a size within the limits), and a result that the library
 * itself is not sure of is thrown away. Both libraries are the reference's own, so their pixels are
 * Pillow's bit for bit.
 *
 * <p>Where the library cannot be loaded (another platform, a temporary folder that may not be
 * executed from), JPEG is read by the JDK, at half the speed and with the same pixels, and WebP is
 * refused. The system property {@code blipstream.images.native=false} asks for the same.
 */
final class NativeCodecs {

  private static final Logger log = LoggerFactory.getLogger(NativeCodecs.class);
  private static final String SWITCH = "blipstream.images.native";

  /** Messages of the library are no one's to read: what they tell, our exceptions tell. */
  private static final int SILENT = 6;

  /** Less is free where the disk was too full to unpack something: JNA's own library is smaller. */
  private static final long LITTLE_BYTES = 1 << 20;

  private NativeCodecs() {}

  /** Why there are no native decoders here; empty if there are. */
  static Optional<String> missing() {
    return Loaded.STATE.failure();
  }

  /**
   * Loads the library, unless that was done before.
   *
   * @throws IOException if there was no room to unpack it: a full disk passes, so images must not
   *     be refused on its account until the next start
   */
  static void load() throws IOException {
    if (Loaded.STATE.lackedRoom()) {
      throw new IOException(
          "There is no room in %s for native libraries, which take 40 MB; make some and start again."
              .formatted(System.getProperty("java.io.tmpdir")));
    }
  }

  /**
   * A JPEG of one (grey) or three components. Empty if the data are damaged or no library is there:
   * then the JDK's decoder has the word, which tells harmless damage from made-up pixels.
   *
   * @param fullWidth as the header has it
   * @param fullHeight as the header has it
   * @param reduction 1, 2, 4 or 8: both sides are divided by it, rounded up
   */
  static Optional<RgbImage> jpeg(byte[] stream, int fullWidth, int fullHeight, int reduction) {
    // Elsewhere the library would write each image to a temporary file.
    if (Platform.isWindows() || missing().isPresent()) {
      return Optional.empty();
    }
    Pointer pix = Leptonica.pixReadMemJpeg(stream, stream.length, 0, reduction, new int[1], 0);
    if (pix == null) {
      return Optional.empty();
    }
    int width = (fullWidth + reduction - 1) / reduction;
    int height = (fullHeight + reduction - 1) / reduction;
    try {
      boolean expected =
          Leptonica.pixGetWidth(pix) == width && Leptonica.pixGetHeight(pix) == height;
      return expected ? Optional.of(rgb(pix, width, height)) : Optional.empty();
    } finally {
      Leptonica.pixDestroy(new PointerByReference(pix));
    }
  }

  /**
   * A WebP file of one frame; its alpha is dropped.
   *
   * @throws UnreadableImageException if the data are damaged or end early
   */
  static byte[] webp(byte[] file, int width, int height) throws UnreadableImageException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw ImageDecoder.unsupported("WEBP is not read here: " + missing.get());
    }
    int[] size = new int[2];
    int[] heightOut = new int[1];
    if (Leptonica.WebPGetInfo(file, file.length, size, heightOut) == 0
        || size[0] != width
        || heightOut[0] != height) {
      throw ImageDecoder.corrupt("the WebP frame's header is damaged");
    }
    int stride = width * RgbImage.CHANNELS;
    byte[] rgb = new byte[stride * height];
    if (Leptonica.WebPDecodeRGBInto(file, file.length, rgb, rgb.length, stride) == null) {
      throw ImageDecoder.corrupt("the WebP data are damaged or end before the last pixel");
    }
    return rgb;
  }

  /** Leptonica's words of 32 bits: red in the upper byte, or four greys from the upper byte on. */
  private static RgbImage rgb(Pointer pix, int width, int height) {
    boolean grey = Leptonica.pixGetDepth(pix) == 8;
    int words = Leptonica.pixGetWpl(pix);
    Pointer data = Leptonica.pixGetData(pix);
    int[] row = new int[words];
    byte[] rgb = new byte[width * height * RgbImage.CHANNELS];
    int at = 0;
    for (int y = 0; y < height; y++) {
      data.read((long) y * words * Integer.BYTES, row, 0, words);
      for (int x = 0; x < width; x++, at += RgbImage.CHANNELS) {
        int word = grey ? (row[x >> 2] >>> (24 - 8 * (x & 3)) & 0xff) * 0x01010100 : row[x];
        rgb[at] = (byte) (word >>> 24);
        rgb[at + 1] = (byte) (word >>> 16);
        rgb[at + 2] = (byte) (word >>> 8);
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /** Loads on first use. */
  private static final class Loaded {
    static final State STATE = load();

    /**
     * @param failure why it was not loaded; empty if it was
     * @param lackedRoom whether because the disk is full
     */
    private record State(Optional<String> failure, boolean lackedRoom) {}

    private static State load() {
      if (!Boolean.parseBoolean(System.getProperty(SWITCH, "true"))) {
        return new State(
            Optional.of("the native image library is switched off by " + SWITCH), false);
      }
      try {
        Native.register(Leptonica.class, NativeLibrary.getInstance(unpack().toString()));
        Leptonica.setMsgSeverity(SILENT);
        return new State(Optional.empty(), false);
      } catch (IOException | RuntimeException | LinkageError e) {
        log.warn(
            "The native image library cannot be loaded ({}): JPEG is read at half the speed,"
                + " WebP not at all.",
            e.getMessage());
        return new State(
            Optional.of("the native image library cannot be loaded (" + e.getMessage() + ")"),
            lacksRoom());
      }
    }

    /** Asked after a failure: what was unpacked until then is still there. */
    private static boolean lacksRoom() {
      Path folder = Path.of(System.getProperty("java.io.tmpdir"));
      try {
        return Files.isWritable(folder)
            && Files.getFileStore(folder).getUsableSpace() < LITTLE_BYTES;
      } catch (IOException e) {
        return false;
      }
    }

    /** The library out of its jar, and beside it what it is linked to. */
    private static Path unpack() throws IOException {
      String platform =
          (Platform.isMac() ? "macosx" : Platform.isWindows() ? "windows" : "linux")
              + (Platform.isARM() ? "-arm64" : "-x86_64");
      List<String> names =
          Platform.isMac()
              ? List.of("libleptonica.6.dylib")
              : Platform.isWindows()
                  ? List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libleptonica-6.dll")
                  : List.of("libleptonica.so.6");
      Path folder = Files.createTempDirectory("blipstream-images");
      folder.toFile().deleteOnExit();
      Path file = folder;
      for (String name : names) {
        file = folder.resolve(name);
        file.toFile().deleteOnExit();
        String resource = "/org/bytedeco/leptonica/" + platform + "/" + name;
        try (InputStream in = NativeCodecs.class.getResourceAsStream(resource)) {
          if (in == null) {
            throw new IOException("no " + name + " for " + platform + " on the class path");
          }
          Files.copy(in, file);
        }
      }
      return file;
    }
  }

  /** Functions of the library, under their own names. A {@code size_t} has 64 bits here. */
  private static final class Leptonica {
    private Leptonica() {}

    static native int setMsgSeverity(int severity);

    static native Pointer pixReadMemJpeg(
        byte[] data, long size, int colourMap, int reduction, int[] warnings, int hint);

    static native int pixGetWidth(Pointer pix);

    static native int pixGetHeight(Pointer pix);

    static native int pixGetDepth(Pointer pix);

    static native int pixGetWpl(Pointer pix);

    static native Pointer pixGetData(Pointer pix);

    static native void pixDestroy(PointerByReference pix);

    static native int WebPGetInfo(byte[] data, long size, int[] width, int[] height);

    static native Pointer WebPDecodeRGBInto(
        byte[] data, long size, byte[] out, long outSize, int stride);
  }
}
