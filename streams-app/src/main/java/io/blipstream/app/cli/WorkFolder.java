package io.blipstream.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder that a command works in: the user's own, or a temporary one that goes when closed. */
public final class WorkFolder implements AutoCloseable {

  private final Path path;
  private boolean temporary;

  private WorkFolder(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /**
   * Opens a folder, and makes it if need be.
   *
   * @param own the user's; empty for a temporary one
   * @param prefix starts the name of a temporary one
   */
  public static WorkFolder open(Optional<Path> own, String prefix) throws IOException {
    return own.isPresent()
        ? new WorkFolder(Files.createDirectories(own.get()), false)
        : new WorkFolder(Files.createTempDirectory(prefix), true);
  }

  public Path path() {
    return path;
  }

  /** Lets the folder stay, even if it is a temporary one. */
  public void keep() {
    temporary = false;
  }

  /** Deletes the folder if it is a temporary one. */
  @Override
  public void close() throws IOException {
    if (!temporary) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : deepestFirst) {
      Files.deleteIfExists(one);
    }
  }
}
