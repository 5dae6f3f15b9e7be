package io.blipstream.app.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of this repository, for tests that read what is deployed. */
final class Repository {

  private Repository() {}

  /** By its path from the root; tests run in their module's folder. */
  static Path file(String path) {
    return Path.of("..").toAbsolutePath().normalize().resolve(path);
  }

  static String text(String path) {
    try {
      return Files.readString(file(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
