package io.blipstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server answered, after redirects. Closing it gives its connection back.
 *
 * @param uri that gave this answer
 * @param status of HTTP
 * @param headers by name in lower case; of several the first
 * @param trail headers of the redirects that led here, first to last
 * @param body not yet read
 * @param connection closed with the answer
 */
record Reply(
    URI uri,
    int status,
    Map<String, String> headers,
    List<Map<String, String>> trail,
    InputStream body,
    AutoCloseable connection)
    implements AutoCloseable {

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** A header of this answer, or else of the last redirect that has it. */
  Optional<String> headerOnTheWay(String name) {
    Optional<String> found = header(name);
    for (int i = trail.size() - 1; i >= 0 && found.isEmpty(); i--) {
      found = Optional.ofNullable(trail.get(i).get(name.toLowerCase(Locale.ROOT)));
    }
    return found;
  }

  OptionalLong number(String name) {
    return number(header(name));
  }

  static OptionalLong number(Optional<String> value) {
    return value.filter(text -> text.matches("\\d{1,18}")).stream()
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  boolean isGzip() {
    return header("Content-Encoding").filter(name -> name.matches("(?i)(x-)?gzip")).isPresent();
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
