package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Runs one of the JDK's image readers, and listens to what it only warns of. */
final class JdkReader {

  private JdkReader() {}

  /**
   * Decodes the first image.
   *
   * @param format the reader's format name
   * @param fatal which warnings mean that pixels were made up
   */
  static BufferedImage read(String format, byte[] bytes, Predicate<String> fatal)
      throws UnreadableImageException {
    return read(format, bytes, fatal, reader -> reader.read(0));
  }

  /** Likewise, but the stored samples without any conversion of colours. */
  static Raster raster(String format, byte[] bytes, Predicate<String> fatal)
      throws UnreadableImageException {
    return read(format, bytes, fatal, reader -> reader.readRaster(0, null));
  }

  private static <T> T read(
      String format, byte[] bytes, Predicate<String> fatal, FirstImage<T> firstImage)
      throws UnreadableImageException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IllegalStateException("this Java runtime has no reader for " + format);
    }
    ImageReader reader = readers.next();
    StringBuilder faults = new StringBuilder();
    // A memory cache of its own: ImageIO.createImageInputStream would ask global settings.
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            if (faults.isEmpty() && fatal.test(warning)) {
              faults.append(warning);
            }
          });
      T image = firstImage.of(reader);
      if (!faults.isEmpty()) {
        throw ImageDecoder.corrupt("the " + format + " data is damaged: " + faults);
      }
      return image;
    } catch (IOException e) {
      throw new UnreadableImageException(
          Reason.TRUNCATED_OR_CORRUPT,
          "the " + format + " data cannot be decoded: " + e.getMessage(),
          e);
    } finally {
      reader.dispose();
    }
  }

  /** What to take of a reader's first image. */
  @FunctionalInterface
  private interface FirstImage<T> {
    T of(ImageReader reader) throws IOException;
  }
}
