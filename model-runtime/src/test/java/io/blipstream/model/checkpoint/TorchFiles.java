package io.blipstream.model.checkpoint;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Where the tests find files that torch wrote. */
final class TorchFiles {

  private TorchFiles() {}

  static Path path(String name) {
    URL url = TorchFiles.class.getResource("/torch/" + name);
    if (url == null) {
      throw new IllegalStateException("test resource /torch/" + name + " is missing");
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
