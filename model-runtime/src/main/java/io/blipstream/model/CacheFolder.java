package io.blipstream.model;

import java.nio.file.Path;
import java.util.Optional;

/** The folder for what can be made again: {@code $BLIPSTREAM_CACHE}, or one in the user's home. */
public final class CacheFolder {

  private static final String VARIABLE = "BLIPSTREAM_CACHE";

  private CacheFolder() {}

  /** By default {@code ~/.cache/blipstream}; it need not exist yet. */
  public static Path path() {
    return Optional.ofNullable(System.getenv(VARIABLE))
        .filter(value -> !value.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "blipstream"));
  }
}
