package io.blipstream.app.containers;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files are that the tests read beside their own. */
final class Repository {

  private Repository() {}

  /** The topmost folder: Maven runs tests in the module's, an editor perhaps in this one. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (here != null && !Files.isDirectory(here.resolve("deploy/image"))) {
      here = here.getParent();
    }
    if (here == null) {
      throw new IllegalStateException("run the tests inside the repository");
    }
    return here;
  }
}
