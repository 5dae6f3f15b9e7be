package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;
import java.io.IOException;
import java.util.Optional;

/**
 * Encoded bytes to RGB, for bytes that anyone may have sent.
 *
 * <p>Checks go from cheap to dear: the number of bytes, the format by its first bytes, the
 * structure and the announced size by our own reading of the container, and only then the pixels.
 * Decoders that are not ours are given a container stripped to what makes pixels, so neither a
 * colour profile, a compressed comment, nor a quirk of theirs can get in the way.
 *
 * <p>As the reference does (Pillow's {@code convert("RGB")}): alpha is dropped and not composited,
 * colour profiles are not applied, of an animation or a file of pages the first is taken. EXIF
 * orientation is followed if that is asked for, TIFF's always. Unlike some decoders, a file that
 * ends early is refused, never filled up with grey.
 *
 * <p>Reads JPEG (baseline and progressive; grey, YCbCr, RGB, CMYK), PNG, WebP, GIF, TIFF, and
 * uncompressed BMP.
 */
public final class ImageDecoder {

  private static final String READ_HERE = "JPEG, PNG, WebP, GIF, BMP or TIFF";

  private ImageDecoder() {}

  /**
   * Whether JPEG and WebP are read by the native library; without it JPEG is slower, WebP refused.
   */
  public static boolean isNative() {
    return NativeCodecs.missing().isEmpty();
  }

  /**
   * Loads the native library now; otherwise the first image does. Where it cannot be loaded for
   * another reason than a full disk, images are read without it.
   *
   * @throws IOException if the disk is too full to unpack it
   */
  public static void loadNative() throws IOException {
    NativeCodecs.load();
  }

  /** Decodes an image as it is stored, whatever EXIF says of its orientation. */
  public static RgbImage decode(byte[] encoded, ImageLimits limits)
      throws UnreadableImageException {
    return decode(encoded, limits, false, Optional.empty());
  }

  /**
   * Decodes an image.
   *
   * @param limits of the full size, whatever the target
   * @param exifOrientation turns it as its EXIF data say
   * @param target if given, an image may come smaller than it is, but no smaller than this on
   *     either side, where that is cheaper: the pixels are then not the reference's. What can be
   *     read is the same
   * @throws UnreadableImageException with the reason, if the bytes are no image that may be judged
   */
  public static RgbImage decode(
      byte[] encoded, ImageLimits limits, boolean exifOrientation, Optional<TargetSize> target)
      throws UnreadableImageException {
    if (encoded.length == 0) {
      throw new UnreadableImageException(Reason.EMPTY, "the image has no bytes");
    }
    limits.requireBytes(encoded.length);
    ImageFormat format =
        ImageFormat.sniff(encoded)
            .orElseThrow(
                () ->
                    new UnreadableImageException(
                        Reason.NOT_AN_IMAGE, "the first bytes belong to no image format"));
    Optional<TargetSize> stored =
        exifOrientation ? target.map(TargetSize::turnedEitherWay) : target;
    try {
      RgbImage image = decode(format, encoded, limits, stored);
      return exifOrientation ? Exif.orientation(format, encoded).apply(image) : image;
    } catch (RuntimeException e) {
      // Damaged input drives decoders into any exception; none of them is our caller's fault.
      throw new UnreadableImageException(
          Reason.TRUNCATED_OR_CORRUPT, "the " + format + " data cannot be decoded: " + e, e);
    }
  }

  private static RgbImage decode(
      ImageFormat format, byte[] encoded, ImageLimits limits, Optional<TargetSize> target)
      throws UnreadableImageException {
    return switch (format) {
      case JPEG -> JpegDecoder.decode(encoded, limits, target);
      case PNG -> PngDecoder.decode(encoded, limits);
      case GIF -> GifDecoder.decode(encoded, limits);
      case BMP -> BmpDecoder.decode(encoded, limits);
      case WEBP -> WebpDecoder.decode(encoded, limits);
      case TIFF -> TiffDecoder.decode(encoded, limits);
      case AVIF, HEIC, JPEG_2000, JPEG_XL, SVG, PDF ->
          throw unsupported(format + " is not read here; send " + READ_HERE);
    };
  }

  static UnreadableImageException corrupt(String message) {
    return new UnreadableImageException(Reason.TRUNCATED_OR_CORRUPT, message);
  }

  static UnreadableImageException unsupported(String message) {
    return new UnreadableImageException(Reason.UNSUPPORTED_FORMAT, message);
  }
}
