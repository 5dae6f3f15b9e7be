package io.blipstream.app.source;

import io.blipstream.app.source.FetchException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code file:} links below the folders that are allowed, and nothing else: neither {@code
 * ..} nor a symbolic link leads out of them. Whoever may rename folders below an allowed one could
 * swap them between check and opening, and must be trusted.
 */
final class FileLinks {

  private final List<Path> roots;
  private final int maxBytes;

  /**
   * @param folders existing folders; none refuses every link
   * @throws IOException if one of them does not exist
   */
  FileLinks(List<Path> folders, int maxBytes) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new IOException(
            "The folder %s, from which image files may be read, does not exist.".formatted(folder));
      }
      // Both spellings, because links are first compared as they are written.
      real.add(folder.toAbsolutePath().normalize());
      real.add(folder.toRealPath());
    }
    this.roots = List.copyOf(real);
    this.maxBytes = maxBytes;
  }

  byte[] fetch(URI uri) throws FetchException {
    Path path = path(uri);
    // Before the file system is asked: a refusal must not tell whether a file exists.
    requireAllowed(path, uri);
    try {
      Path real = path.toRealPath();
      requireAllowed(real, uri);
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw new FetchException(Reason.FETCH_FAILED, uri + " is not a regular file");
      }
      try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
        byte[] bytes = in.readNBytes(maxBytes);
        if (in.read() >= 0) {
          throw new FetchException(
              Reason.TOO_MANY_BYTES, "%s has more than %d bytes".formatted(uri, maxBytes));
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw new FetchException(Reason.NOT_FOUND, uri + " does not exist", e);
    } catch (IOException e) {
      throw new FetchException(
          Reason.FETCH_FAILED, "%s could not be read: %s".formatted(uri, e.getMessage()), e);
    }
  }

  private void requireAllowed(Path path, URI uri) throws FetchException {
    if (roots.stream().noneMatch(path::startsWith)) {
      throw new FetchException(
          Reason.FETCH_FORBIDDEN, uri + " lies outside the folders that files may be read from");
    }
  }

  private static Path path(URI uri) throws FetchException {
    String host = uri.getAuthority();
    if (uri.getPath() == null || (host != null && !host.equals("localhost"))) {
      throw new FetchException(
          Reason.FETCH_FAILED, uri + " is no local file; write file:///folder/name.jpg");
    }
    try {
      return Path.of(new URI("file", null, uri.getPath(), null)).normalize();
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new FetchException(
          Reason.FETCH_FAILED, "%s names no file: %s".formatted(uri, e.getMessage()), e);
    }
  }
}
