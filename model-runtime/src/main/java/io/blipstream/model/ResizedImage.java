package io.blipstream.model;

import io.blipstream.model.checkpoint.ImagePreprocessing;
import io.blipstream.model.image.PillowResize;
import io.blipstream.model.image.RgbImage;

/**
 * An image at the captioner's and at the filter's size, in 8 bits, since floats take four times as
 * much.
 *
 * @param forCaptioner at the captioner's size
 * @param forFilter at the filter's size, the same object where the sizes are the same
 */
record ResizedImage(RgbImage forCaptioner, RgbImage forFilter) implements PreparedImage {

  static ResizedImage of(RgbImage image, ImagePreprocessing captioner, ImagePreprocessing filter) {
    RgbImage first = PillowResize.bicubic(image, captioner.width(), captioner.height());
    boolean same = filter.width() == captioner.width() && filter.height() == captioner.height();
    return new ResizedImage(
        first, same ? first : PillowResize.bicubic(image, filter.width(), filter.height()));
  }

  /** The images of a batch, which must come from {@code prepare}. */
  static ResizedImage from(CapFiltInput input) {
    if (input.image() instanceof ResizedImage image) {
      return image;
    }
    throw new IllegalArgumentException(
        "image %s was not prepared by this model".formatted(input.imageId()));
  }

  @Override
  public long sizeInBytes() {
    return forFilter == forCaptioner
        ? forCaptioner.rgb().length
        : (long) forCaptioner.rgb().length + forFilter.rgb().length;
  }
}
