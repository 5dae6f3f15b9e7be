package io.blipstream.app.cli.input;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What file names say. */
final class Names {

  private static final Map<String, String> MEDIA_TYPES =
      Map.ofEntries(
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("jfif", "image/jpeg"),
          Map.entry("png", "image/png"),
          Map.entry("gif", "image/gif"),
          Map.entry("bmp", "image/bmp"),
          Map.entry("webp", "image/webp"),
          Map.entry("tif", "image/tiff"),
          Map.entry("tiff", "image/tiff"),
          Map.entry("avif", "image/avif"),
          Map.entry("heic", "image/heic"),
          Map.entry("jxl", "image/jxl"));

  private Names() {}

  /** The media type that an image's extension claims; empty for what is no image by its name. */
  static Optional<String> mediaType(String name) {
    return Optional.ofNullable(MEDIA_TYPES.get(extension(name)));
  }

  static boolean isText(String name) {
    return extension(name).equals("txt");
  }

  /** Hidden files, and what macOS puts beside every file in an archive. */
  static boolean isHidden(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.startsWith(".") || name.startsWith("__MACOSX/");
  }

  static boolean isZip(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  static boolean isTar(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".tar");
  }

  static boolean isPackedTar(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".tar.gz") || lower.endsWith(".tgz");
  }

  /** The name without its extension: what an image and its text have in common. */
  static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
  }

  /** A path with forward slashes, the same on every system. */
  static String portable(Path path) {
    StringBuilder name = new StringBuilder();
    path.forEach(part -> name.append(name.length() == 0 ? "" : "/").append(part));
    return name.toString();
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }
}
