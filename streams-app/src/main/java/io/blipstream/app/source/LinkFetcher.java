package io.blipstream.app.source;

import io.blipstream.app.source.FetchException.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code file:}, {@code http:} and {@code https:} links within limits.
 *
 * <p>Links come with the data and are not to be trusted. So files are read only below folders named
 * by the operator, and hosts are reached only at public addresses unless private ones are allowed;
 * link-local addresses, multicast and the metadata services of clouds are never reached.
 */
public final class LinkFetcher implements ImageFetcher, AutoCloseable {

  private final FileLinks files;
  private final HttpLinks http;

  /**
   * @param limits on each link
   * @param allowPrivate whether hosts at private and loopback addresses may be reached
   * @param folders below which files may be read; none refuses {@code file:} links
   * @throws IOException if a folder does not exist
   */
  public LinkFetcher(FetchLimits limits, boolean allowPrivate, List<Path> folders)
      throws IOException {
    this(limits, allowPrivate, folders, InetAddress::getAllByName);
  }

  LinkFetcher(
      FetchLimits limits, boolean allowPrivate, List<Path> folders, CheckedResolver.Lookup lookup)
      throws IOException {
    this(limits, HostGates.BREAKER, allowPrivate, folders, lookup, DirectConnections.DIRECT);
  }

  LinkFetcher(
      FetchLimits limits,
      CircuitBreakerConfig breaker,
      boolean allowPrivate,
      List<Path> folders,
      CheckedResolver.Lookup lookup,
      DirectConnections.Sockets sockets)
      throws IOException {
    this.files = new FileLinks(folders, limits.bytes());
    this.http =
        new HttpLinks(
            limits,
            new HostGates(limits.perHost(), breaker),
            new CheckedResolver(lookup, allowPrivate),
            sockets);
  }

  /**
   * The host and port that a link leads to, by which its limits are kept; empty if it leads to none
   * or is malformed.
   */
  public static Optional<String> host(String link) {
    try {
      return Optional.of(HostGates.name(Links.http(Links.parse(link))));
    } catch (FetchException e) {
      return Optional.empty();
    }
  }

  @Override
  public byte[] fetch(String link) throws FetchException {
    URI uri = Links.parse(link);
    if (uri.getScheme() == null) {
      throw new FetchException(
          Reason.FETCH_FAILED, "the link has no scheme such as https: before it");
    }
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "file" -> files.fetch(uri);
      case "http", "https" -> http.fetch(Links.http(uri));
      default ->
          throw new FetchException(
              Reason.FETCH_FORBIDDEN,
              "links of the scheme %s are not read here; file, http and https are"
                  .formatted(uri.getScheme()));
    };
  }

  @Override
  public void close() {
    http.close();
  }
}
