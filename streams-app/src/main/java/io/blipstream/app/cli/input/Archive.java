package io.blipstream.app.cli.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads the images of an archive with their texts. Of a tar, which is read once from front to end,
 * the members of one sample must stand together in any order, as in WebDataset.
 */
final class Archive {

  private static final int MAX_TEXT_BYTES = 1 << 16;

  private Archive() {}

  /** Takes the members. */
  interface Members {

    /**
     * An image.
     *
     * @param bytes one more than the limit if it is larger than that
     */
    void image(String member, byte[] bytes, Optional<byte[]> text) throws InterruptedException;

    void other(String member);
  }

  static void read(Path path, int maxBytes, Members members)
      throws IOException, InterruptedException {
    String name = path.getFileName().toString();
    if (Names.isZip(name)) {
      readZip(path, maxBytes, members);
      return;
    }
    try (InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        InputStream in = Names.isPackedTar(name) ? new GZIPInputStream(file, 1 << 16) : file;
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      readTar(tar, maxBytes, members);
    }
  }

  private static void readZip(Path path, int maxBytes, Members members)
      throws IOException, InterruptedException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        if (entry.isDirectory() || Names.isHidden(name) || Names.isText(name)) {
          continue;
        }
        if (Names.mediaType(name).isEmpty()) {
          members.other(name);
          continue;
        }
        ZipEntry text = zip.getEntry(Names.stem(name) + ".txt");
        members.image(
            name,
            bytes(zip, entry, maxBytes + 1),
            text == null ? Optional.empty() : Optional.of(bytes(zip, text, MAX_TEXT_BYTES)));
      }
    }
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry, int limit) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes(limit);
    }
  }

  private static void readTar(TarArchiveInputStream tar, int maxBytes, Members members)
      throws IOException, InterruptedException {
    Sample sample = new Sample("");
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      String name = entry.getName().replaceFirst("^\\./", "");
      if (!entry.isFile() || Names.isHidden(name)) {
        continue;
      }
      if (!Names.stem(name).equals(sample.stem)) {
        sample.giveTo(members);
        sample = new Sample(Names.stem(name));
      }
      if (Names.isText(name)) {
        sample.text = Optional.of(tar.readNBytes(MAX_TEXT_BYTES));
      } else if (Names.mediaType(name).isPresent()) {
        sample.images.put(name, tar.readNBytes(maxBytes + 1));
      } else {
        members.other(name);
      }
    }
    sample.giveTo(members);
  }

  /** Members of one stem: as a rule one image and perhaps its text. */
  private static final class Sample {

    private final String stem;
    private final Map<String, byte[]> images = new LinkedHashMap<>();
    private Optional<byte[]> text = Optional.empty();

    Sample(String stem) {
      this.stem = stem;
    }

    void giveTo(Members members) throws InterruptedException {
      for (Map.Entry<String, byte[]> image : images.entrySet()) {
        members.image(image.getKey(), image.getValue(), text);
      }
    }
  }
}
