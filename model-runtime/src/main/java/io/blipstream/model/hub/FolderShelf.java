package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Files in a folder of this machine, copied: the copy must not change when the original does. */
final class FolderShelf implements Shelf {

  /** What stands in place of a large file when a repository was cloned without Git LFS. */
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

  private static final int BUFFER_BYTES = 1 << 20;

  private final Path folder;
  private final ImportListener listener;
  private final Map<String, ContentDigest> digests = new HashMap<>();

  FolderShelf(Path folder, ImportListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public String version(Iterable<String> files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String file : files) {
      all.append(file).append(' ').append(digest(file).hex()).append('\n');
    }
    return "sha256:" + ContentDigest.ofText(all.toString());
  }

  @Override
  public boolean has(String file) {
    return Files.isRegularFile(folder.resolve(file));
  }

  @Override
  public OptionalLong size(String file) throws IOException {
    return OptionalLong.of(Files.size(folder.resolve(file)));
  }

  @Override
  public void take(String file, Path place) throws IOException {
    Path original = folder.resolve(file);
    requireNoPointer(original);
    listener.started(file, size(file), 0);
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(original);
        OutputStream out = Files.newOutputStream(place)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        listener.advanced(read);
      }
    }
    if (!digest(file).isOf(place)) {
      throw new ImportException(
          Kind.DAMAGED,
          "%s changed while it was copied; run again when nothing writes to it."
              .formatted(original));
    }
    listener.finished(file);
  }

  private ContentDigest digest(String file) throws IOException {
    ContentDigest known = digests.get(file);
    if (known == null) {
      known = ContentDigest.sha256(folder.resolve(file));
      digests.put(file, known);
    }
    return known;
  }

  private static void requireNoPointer(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(LFS_POINTER.length());
      if (new String(start, StandardCharsets.ISO_8859_1).equals(LFS_POINTER)) {
        throw new ImportException(
            Kind.DAMAGED,
            "%s is Git LFS's pointer to a file, not the file; run git lfs pull in its folder."
                .formatted(file));
      }
    }
  }
}
