package io.blipstream.model.checkpoint;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Where the tests find the reference's checkpoints and outputs. */
final class Reference {

  private Reference() {}

  static Path path(String name) {
    URL url = Reference.class.getResource("/reference/" + name);
    if (url == null) {
      throw new IllegalStateException("test resource /reference/" + name + " is missing");
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
