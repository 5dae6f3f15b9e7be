package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import io.blipstream.model.UnreadableImageException.Reason;

/**
 * Encoded bytes to RGB, for bytes that anyone may have sent.
 *
 * <p>Checks go from cheap to dear: the number of bytes, the format by its first bytes, the
 * structure and the announced size by our own reading of the container, and only then the pixels.
 * The decoders of the JDK are given a container stripped to what makes pixels, so neither a colour
 * profile, a compressed comment, nor a quirk of theirs can get in the way.
 *
 * <p>As the reference does (Pillow's {@code convert("RGB")}): alpha is dropped and not composited,
 * colour profiles and EXIF orientation are not applied, of an animation the first frame is taken.
 * Unlike some decoders, a file that ends early is refused, never filled up with grey.
 *
 * <p>Reads JPEG (baseline and progressive; grey, YCbCr, RGB), PNG, GIF, and uncompressed BMP.
 */
public final class ImageDecoder {

  private ImageDecoder() {}

  /**
   * Decodes an image.
   *
   * @throws UnreadableImageException with the reason, if the bytes are no image that may be judged
   */
  public static RgbImage decode(byte[] encoded, ImageLimits limits)
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
    try {
      return switch (format) {
        case JPEG -> JpegDecoder.decode(encoded, limits);
        case PNG -> PngDecoder.decode(encoded, limits);
        case GIF -> GifDecoder.decode(encoded, limits);
        case BMP -> BmpDecoder.decode(encoded, limits);
        case WEBP, AVIF, HEIC, TIFF, JPEG_2000, JPEG_XL ->
            throw new UnreadableImageException(
                Reason.UNSUPPORTED_FORMAT,
                format + " is not read here; send JPEG, PNG, GIF or BMP");
      };
    } catch (RuntimeException e) {
      // Damaged input drives decoders into any exception; none of them is our caller's fault.
      throw new UnreadableImageException(
          Reason.TRUNCATED_OR_CORRUPT, "the " + format + " data cannot be decoded: " + e, e);
    }
  }

  static UnreadableImageException corrupt(String message) {
    return new UnreadableImageException(Reason.TRUNCATED_OR_CORRUPT, message);
  }

  static UnreadableImageException unsupported(String message) {
    return new UnreadableImageException(Reason.UNSUPPORTED_FORMAT, message);
  }
}
