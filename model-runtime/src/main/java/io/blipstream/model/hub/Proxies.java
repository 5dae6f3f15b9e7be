package io.blipstream.model.hub;

import io.blipstream.model.hub.ImportException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Which proxy leads to a host: by the JVM's {@code https.proxyHost} and its like where they are
 * set, or else by {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY},
 * in capitals or not.
 */
public final class Proxies {

  private final Map<String, Proxy> byScheme;
  private final List<String> excluded;

  private Proxies(Map<String, Proxy> byScheme, List<String> excluded) {
    this.byScheme = Map.copyOf(byScheme);
    this.excluded = List.copyOf(excluded);
  }

  /**
   * A proxy.
   *
   * @param socks whether it speaks SOCKS in place of HTTP
   * @param user that it asks for, with a password
   */
  record Proxy(String host, int port, boolean socks, Optional<Login> user) {

    record Login(String name, String password) {

      @Override
      public String toString() {
        return name;
      }
    }
  }

  /**
   * @throws ImportException if a proxy's address cannot be understood
   */
  static Proxies from(Map<String, String> environment, Properties properties)
      throws ImportException {
    Map<String, Proxy> proxies = new HashMap<>();
    List<String> excluded = new ArrayList<>();
    for (String scheme : List.of("http", "https")) {
      Optional<Proxy> own = ofProperties(scheme, properties);
      if (own.isPresent()) {
        proxies.put(scheme, own.get());
      }
    }
    if (!proxies.isEmpty()) {
      String hosts = properties.getProperty("http.nonProxyHosts", "localhost|127.*|[::1]");
      excluded.addAll(Arrays.asList(hosts.split("\\|")));
      return new Proxies(proxies, excluded);
    }
    for (String scheme : List.of("http", "https")) {
      String variable = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
      Optional<String> address = find(environment, variable);
      String named = address.isPresent() ? variable : "ALL_PROXY";
      address = address.or(() -> find(environment, "ALL_PROXY"));
      if (address.isPresent()) {
        proxies.put(scheme, parse(named, address.get()));
      }
    }
    find(environment, "NO_PROXY")
        .ifPresent(hosts -> excluded.addAll(Arrays.asList(hosts.split("[,\\s]+"))));
    return new Proxies(proxies, excluded);
  }

  /** The proxy for an address; none if it is reached directly. */
  Optional<Proxy> of(String scheme, String host, int port) {
    String plain = host.toLowerCase(Locale.ROOT);
    for (String pattern : excluded) {
      if (matches(pattern.strip().toLowerCase(Locale.ROOT), plain, port)) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(byScheme.get(scheme.toLowerCase(Locale.ROOT)));
  }

  List<Proxy> all() {
    return List.copyOf(byScheme.values());
  }

  /** A name stands for its subdomains, too, with or without a dot before it. */
  private static boolean matches(String pattern, String host, int port) {
    if (pattern.isEmpty()) {
      return false;
    }
    if (pattern.equals("*")) {
      return true;
    }
    String name = pattern;
    int colon = pattern.lastIndexOf(':');
    if (colon > 0 && pattern.indexOf(':') == colon) {
      if (!pattern.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = pattern.substring(0, colon);
    }
    if (name.endsWith("*")) {
      return host.startsWith(name.substring(0, name.length() - 1));
    }
    name = name.replaceFirst("^\\*?\\.", "");
    return host.equals(name) || host.endsWith("." + name);
  }

  private static Optional<Proxy> ofProperties(String scheme, Properties properties)
      throws ImportException {
    String host = properties.getProperty(scheme + ".proxyHost", "");
    if (host.isBlank()) {
      return Optional.empty();
    }
    String port =
        properties.getProperty(scheme + ".proxyPort", scheme.equals("https") ? "443" : "80");
    try {
      return Optional.of(
          new Proxy(
              host,
              Integer.parseInt(port),
              false,
              Optional.ofNullable(properties.getProperty(scheme + ".proxyUser"))
                  .map(
                      user ->
                          new Proxy.Login(
                              user, properties.getProperty(scheme + ".proxyPassword", "")))));
    } catch (NumberFormatException e) {
      throw new ImportException(
          Kind.WRONG_USE, "%s.proxyPort must be a number, but is %s.".formatted(scheme, port), e);
    }
  }

  private static Optional<String> find(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT)))
        .filter(value -> !value.isBlank())
        .or(() -> Optional.ofNullable(environment.get(name)))
        .filter(value -> !value.isBlank());
  }

  private static Proxy parse(String variable, String address) throws ImportException {
    URI uri;
    try {
      uri = new URI(address.contains("://") ? address.strip() : "http://" + address.strip());
    } catch (URISyntaxException e) {
      throw wrong(variable, "is no address; a password's special characters must be %-encoded", e);
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    boolean socks = scheme.startsWith("socks");
    if (!socks && !scheme.equals("http")) {
      throw wrong(variable, "must start with http:// or socks5://, not " + scheme + "://", null);
    }
    if (uri.getHost() == null) {
      throw wrong(variable, "names no host", null);
    }
    Optional<Proxy.Login> login = Optional.ofNullable(uri.getRawUserInfo()).map(Proxies::login);
    if (socks && login.isPresent()) {
      throw wrong(variable, "has a password, which is not supported for SOCKS", null);
    }
    int port = uri.getPort() > 0 ? uri.getPort() : socks ? 1080 : 80;
    return new Proxy(uri.getHost(), port, socks, login);
  }

  private static Proxy.Login login(String userInfo) {
    int colon = userInfo.indexOf(':');
    return colon < 0
        ? new Proxy.Login(decode(userInfo), "")
        : new Proxy.Login(
            decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1)));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Does not repeat the address, which may hold a password. */
  private static ImportException wrong(String variable, String what, Exception cause) {
    return new ImportException(Kind.WRONG_USE, "%s %s.".formatted(variable, what), cause);
  }
}
