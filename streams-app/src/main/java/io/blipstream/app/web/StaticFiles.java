package io.blipstream.app.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Files of a page that are in the jar, each named: what is not named is not there, whatever a path
 * says. They are read once and kept; a browser asks each time whether its copy is still the same.
 */
public final class StaticFiles implements WebEndpoint {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2");

  /** One file; its bytes are not changed. */
  private static final class File {
    final byte[] bytes;
    final String type;
    final String tag;

    File(byte[] bytes, String type, String tag) {
      this.bytes = bytes;
      this.type = type;
      this.tag = tag;
    }
  }

  private final Class<?> beside;
  private final String path;
  private final List<String> names;

  /**
   * Files beside a class.
   *
   * @param beside a class in the package that the files are in
   * @param path of the files, with a slash at its end; {@code index.html} answers to it, too
   */
  public StaticFiles(Class<?> beside, String path, List<String> names) {
    this.beside = beside;
    this.path = path;
    this.names = List.copyOf(names);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    for (String name : names) {
      File file = read(name);
      routes.get(path + name, request -> answer(request, file));
      if (name.equals("index.html")) {
        routes.get(path, request -> answer(request, file));
      }
    }
  }

  private File read(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    String type = TYPES.get(ending);
    if (type == null) {
      throw new IllegalArgumentException("No content type is known for " + name);
    }
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("There is no " + name + " beside " + beside);
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return new File(bytes, type, "\"%08x-%d\"".formatted(sum.getValue(), bytes.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(Context request, File file) {
    request.header(Header.CACHE_CONTROL, "no-cache").header(Header.ETAG, file.tag);
    if (file.tag.equals(request.header(Header.IF_NONE_MATCH))) {
      request.status(HttpStatus.NOT_MODIFIED);
    } else {
      request.contentType(file.type).result(file.bytes);
    }
  }
}
