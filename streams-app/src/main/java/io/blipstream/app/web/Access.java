package io.blipstream.app.web;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import io.javalin.http.UnauthorizedResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask.
 *
 * <p>What must hold:
 *
 * <ol>
 *   <li>With a token, nothing but {@link #OPEN} is answered without it. It comes in the header
 *       {@code Authorization: Bearer}, or in the cookie that a visit with {@code ?token=} sets. The
 *       cookie holds a digest, and the visit leads on to the address without the token, so that it
 *       stays neither in the browser's history nor in a referrer.
 *   <li>Comparing takes the same time wherever two tokens differ.
 *   <li>Bound to this machine, the server answers to local names only: a web site whose name was
 *       made to point here (DNS rebinding) is another origin to the browser, and sees nothing.
 *   <li>What changes something is taken from our own pages only, wherever the server listens: a
 *       foreign site can make a browser send a form here, yet not hide where it comes from.
 * </ol>
 */
final class Access {

  /** For probes that can bring no secret; they tell of nothing but the service's state. */
  static final Set<String> OPEN = Set.of("/health/live", "/health/ready");

  static final String COOKIE = "blipstream";
  private static final String PARAMETER = "token";
  private static final String BEARER = "Bearer ";

  private final boolean localOnly;
  private final Optional<byte[]> tokenDigest;
  private final Optional<String> cookie;

  Access(WebSettings settings) {
    this.localOnly = settings.isLocal();
    this.tokenDigest = settings.token().map(Access::digest);
    this.cookie =
        settings.token().map(token -> HexFormat.of().formatHex(digest("cookie of " + token)));
  }

  /** Refuses by an exception, or lets pass. */
  void check(Context request) {
    requireLocalName(request);
    requireOwnOrigin(request);
    if (tokenDigest.isPresent() && !OPEN.contains(request.path())) {
      requireToken(request);
    }
  }

  private void requireLocalName(Context request) {
    String host = request.header(Header.HOST);
    if (localOnly && (host == null || !WebSettings.isLocal(withoutPort(host)))) {
      throw new ForbiddenResponse(
          "This server answers to localhost only; give it a --web-host to be asked by other names.");
    }
  }

  private static void requireOwnOrigin(Context request) {
    String method = request.req().getMethod();
    boolean changes = !method.equals("GET") && !method.equals("HEAD");
    String origin = request.header("Origin");
    if (changes && origin != null && !isAt(origin, request.header(Header.HOST))) {
      throw new ForbiddenResponse("This request comes from another site.");
    }
  }

  private static boolean isAt(String origin, String host) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void requireToken(Context request) {
    String header = request.header(Header.AUTHORIZATION);
    if (header != null && header.startsWith(BEARER) && isToken(header.substring(BEARER.length()))) {
      return;
    }
    String brought = request.cookie(COOKIE);
    if (brought != null && MessageDigest.isEqual(bytes(brought), bytes(cookie.orElseThrow()))) {
      return;
    }
    String parameter = request.queryParam(PARAMETER);
    if (parameter != null && isToken(parameter)) {
      request.cookie(
          new Cookie(COOKIE, cookie.orElseThrow(), "/", -1, false, true, null, SameSite.LAX));
      request.redirect(withoutToken(request), HttpStatus.SEE_OTHER);
      request.skipRemainingHandlers();
      return;
    }
    request.header("WWW-Authenticate", "Bearer");
    throw new UnauthorizedResponse(
        "A token is needed: as 'Authorization: Bearer …', or once as ?token=… in a browser.");
  }

  /** Digests are of one length, so not even the length of the token shows. */
  private boolean isToken(String candidate) {
    return MessageDigest.isEqual(digest(candidate), tokenDigest.orElseThrow());
  }

  /** A path of our own: a leading pair of slashes would lead to another host. */
  private static String withoutToken(Context request) {
    StringBuilder address = new StringBuilder(request.path().replaceFirst("^/{2,}", "/"));
    char separator = '?';
    for (Map.Entry<String, List<String>> parameter : request.queryParamMap().entrySet()) {
      if (!parameter.getKey().equals(PARAMETER)) {
        for (String value : parameter.getValue()) {
          address.append(separator).append(encoded(parameter.getKey()));
          address.append('=').append(encoded(value));
          separator = '&';
        }
      }
    }
    return address.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":\\d+$", "");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
