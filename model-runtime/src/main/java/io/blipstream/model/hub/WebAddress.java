package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.HttpHost;

/** Reading, joining and showing of {@code http:} and {@code https:} addresses. */
final class WebAddress {

  private static final String UNSAFE = " \"<>\\^`{|}";

  private WebAddress() {}

  /**
   * @throws ImportException if it is none that can be asked
   */
  static URI parse(String text) throws ImportException {
    return requireWeb(text, encoded(text));
  }

  /** What a redirect points to; a relative one starts from where it was met. */
  static URI resolve(URI base, String location) throws ImportException {
    try {
      return requireWeb(location, base.resolve(encoded(location)).toString());
    } catch (IllegalArgumentException e) {
      throw wrong(location, e);
    }
  }

  /** One part of a path: {@code refs/pr/7} is {@code refs%2Fpr%2F7}. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static boolean sameHost(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  /** Without what follows the path, which may hold a signature. */
  static String shown(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + port(uri.getPort()) + uri.getPath();
  }

  static int port(HttpHost host) {
    return port(host.getSchemeName(), host.getPort());
  }

  private static int port(URI uri) {
    return port(uri.getScheme(), uri.getPort());
  }

  private static int port(String scheme, int stated) {
    return stated > 0 ? stated : scheme.equalsIgnoreCase("https") ? 443 : 80;
  }

  private static String port(int stated) {
    return stated > 0 ? ":" + stated : "";
  }

  private static URI requireWeb(String text, String encoded) throws ImportException {
    URI uri;
    try {
      uri = URI.create(encoded);
    } catch (IllegalArgumentException e) {
      throw wrong(text, e);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme) || uri.getHost() == null) {
      throw wrong(text, null);
    }
    return uri;
  }

  private static ImportException wrong(String text, Exception cause) {
    return new ImportException(
        Kind.WRONG_USE,
        "\"%s\" is no address of the web; it must start with http:// or https://.".formatted(text),
        cause);
  }

  /** Encodes what servers leave as it is although an address must not hold it. */
  private static String encoded(String text) {
    StringBuilder out = new StringBuilder();
    for (int c : text.strip().codePoints().toArray()) {
      String character = Character.toString(c);
      out.append(c > 126 || UNSAFE.indexOf(c) >= 0 ? segment(character) : character);
    }
    return out.toString();
  }
}
