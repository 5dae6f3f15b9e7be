package io.blipstream.app.web;

import io.blipstream.app.config.IllegalConfigurationException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where the web server listens, and who may ask it.
 *
 * <p>Reachable from other machines it needs a token, unless it is said to be open: the page shows
 * images, and whoever reaches it can send some.
 *
 * @param host address or name to listen at
 * @param port 0: any free one
 * @param token what requests must bring; empty: none is asked for
 * @param open whether other machines may ask without a token
 */
public record WebSettings(String host, int port, Optional<String> token, boolean open) {

  /** This machine only. */
  public static final String LOCAL_HOST = "127.0.0.1";

  /** Of the body of a request: as much as one record of Kafka may be large by our settings. */
  public static final long MAX_REQUEST_BYTES = 8L << 20;

  /** A connection on which nothing moves is closed after this time. */
  public static final Duration IDLE = Duration.ofSeconds(30);

  /** 16 characters of a random token are beyond guessing over a network. */
  private static final int LEAST_TOKEN_CHARS = 16;

  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  public WebSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalConfigurationException(
          "There is no web port " + port + "; give 0 (any free one) to 65535.");
    }
    if (token.isPresent() && !isUsable(token.get())) {
      throw new IllegalConfigurationException(
          "The web token must have at least %d characters, all of them printable ASCII without spaces; 'openssl rand -hex 16' makes one."
              .formatted(LEAST_TOKEN_CHARS));
    }
    if (!isLocal(host) && token.isEmpty() && !open) {
      throw new IllegalConfigurationException(
          "At %s the web server can be reached from other machines: set a token (--web-token), or --web-open if the network lets nobody else in."
              .formatted(host));
    }
  }

  /** For this machine only, without a token. */
  public static WebSettings local(int port) {
    return new WebSettings(LOCAL_HOST, port, Optional.empty(), false);
  }

  public WebSettings withPort(int other) {
    return new WebSettings(host, other, token, open);
  }

  /** Whether only this machine can reach the server. */
  public boolean isLocal() {
    return isLocal(host);
  }

  static boolean isLocal(String host) {
    return LOCAL_NAMES.contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isUsable(String token) {
    return token.length() >= LEAST_TOKEN_CHARS && token.chars().allMatch(c -> c > ' ' && c < 127);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "WebSettings[host=%s, port=%d, token=%s, open=%s]"
        .formatted(host, port, token.isPresent() ? "***" : "none", open);
  }
}
