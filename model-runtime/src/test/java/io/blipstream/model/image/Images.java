package io.blipstream.model.image;

import io.blipstream.model.UnreadableImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

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

  /** Names of the images beside which there is a file of this suffix. */
  static List<String> withSuffix(String suffix) throws IOException {
    try (InputStream in = Images.class.getResourceAsStream("/images")) {
      // Reading a folder's address gives its names, a line each.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(name -> name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .sorted()
          .toList();
    }
  }

  static RgbImage decode(String resource) throws IOException, UnreadableImageException {
    return ImageDecoder.decode(bytes(resource), ImageLimits.DEFAULT);
  }
}
