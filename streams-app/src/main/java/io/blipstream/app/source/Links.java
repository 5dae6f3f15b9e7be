package io.blipstream.app.source;

import io.blipstream.app.source.FetchException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reading and showing of links as they are found in the wild. */
final class Links {

  /** What RFC 3986 does not allow in a URI, yet browsers take; {@code %} stays as it is. */
  private static final String ENCODED_BY_BROWSERS = " \"<>\\^`{|}";

  private Links() {}

  /** A URI, after encoding what a browser would encode. */
  static URI parse(String link) throws FetchException {
    StringBuilder encoded = new StringBuilder(link.length());
    for (byte unit : link.strip().getBytes(StandardCharsets.UTF_8)) {
      if (unit <= ' ' || unit == 0x7f || ENCODED_BY_BROWSERS.indexOf(unit) >= 0) {
        encoded.append('%').append(String.format(Locale.ROOT, "%02X", unit & 0xff));
      } else {
        encoded.append((char) unit);
      }
    }
    try {
      return new URI(encoded.toString());
    } catch (URISyntaxException e) {
      throw new FetchException(
          Reason.FETCH_FAILED, "the link is malformed (%s)".formatted(e.getReason()), e);
    }
  }

  /** The same link, after checking that it is one that HTTP can ask for. */
  static URI http(URI uri) throws FetchException {
    String scheme = uri.getScheme();
    if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
      throw new FetchException(
          Reason.FETCH_FORBIDDEN, "%s: only http and https are allowed here".formatted(shown(uri)));
    }
    String authority = uri.getRawAuthority();
    if (authority == null || authority.isEmpty()) {
      throw new FetchException(Reason.FETCH_FAILED, shown(uri) + " names no host");
    }
    if (authority.indexOf('@') >= 0) {
      throw new FetchException(
          Reason.FETCH_FORBIDDEN, shown(uri) + " carries a user name or password");
    }
    return uri;
  }

  /** The link without what may be secret, such as the signature of a signed link. */
  static String shown(URI uri) {
    if (uri.isOpaque()) {
      return uri.getScheme() + ":…";
    }
    String authority = uri.getRawAuthority();
    String host = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    return "%s://%s%s%s"
        .formatted(uri.getScheme(), host, uri.getRawPath(), uri.getRawQuery() == null ? "" : "?…");
  }
}
