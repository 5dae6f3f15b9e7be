package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.io.IOException;
import java.io.InputStream;

/** Test images. */
final class Images {

  private Images() {}

  static byte[] bytes(String resource) throws IOException {
    try (InputStream in = Images.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("test resource " + resource + " is missing");
      }
      return in.readAllBytes();
    }
  }

  static RgbImage decode(String resource) throws IOException, UnreadableImageException {
    return ImageDecoder.decode(bytes(resource), ImageLimits.DEFAULT);
  }
}
