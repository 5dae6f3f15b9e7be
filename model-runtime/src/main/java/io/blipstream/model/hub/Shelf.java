package io.blipstream.model.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Where the files of one checkpoint are taken from, by name. */
interface Shelf {

  /** How messages call it. */
  String name();

  /**
   * Equal for two shelves only if their files are: the hub's commit, or a digest of the files.
   *
   * @param files what is taken
   */
  String version(Iterable<String> files) throws IOException;

  boolean has(String file) throws IOException;

  /** In bytes, if known. */
  OptionalLong size(String file) throws IOException;

  /** Brings a file to its place, where it appears whole and verified. */
  void take(String file, Path place) throws IOException;
}
