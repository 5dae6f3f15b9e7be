package io.blipstream.model.hub;

import io.blipstream.model.http.WholeHeads;
import io.blipstream.model.hub.ImportException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks servers, over proxies. Redirects are followed here, one request each, so that the token goes
 * to the hub's own host only, and never from https to http.
 */
final class WebClient implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 10;

  private final HubEnvironment environment;
  private final CloseableHttpClient client;

  /**
   * @param silence how long a server may take to connect or to send its next byte
   */
  WebClient(HubEnvironment environment, Duration silence) {
    this.environment = environment;
    Timeout timeout = Timeout.of(silence);
    BasicCredentialsProvider logins = new BasicCredentialsProvider();
    for (Proxies.Proxy proxy : environment.proxies().all()) {
      proxy
          .user()
          .ifPresent(
              login ->
                  logins.setCredentials(
                      new AuthScope(proxy.host(), proxy.port()),
                      new UsernamePasswordCredentials(
                          login.name(), login.password().toCharArray())));
    }
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setConnectionFactory(WholeHeads.connections())
                    .setSocketConfigResolver(route -> socket(route.getTargetHost(), timeout))
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(timeout)
                            .setSocketTimeout(timeout)
                            .build())
                    .build())
            .setRoutePlanner(new ProxyRoutes(environment.proxies()))
            .setDefaultCredentialsProvider(logins)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(timeout)
                    .setResponseTimeout(timeout)
                    .build())
            .setUserAgent("blipstream")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableContentCompression()
            .build();
  }

  /**
   * Makes a request and follows redirects.
   *
   * @param enough whether a redirect to another host says enough already, so that it is the answer
   * @throws PassingFailure if the connection fails, or the answer says that it may pass
   * @throws ImportException if a redirect is not to be followed
   */
  Reply send(String method, URI first, Map<String, String> headers, Predicate<Reply> enough)
      throws IOException, PassingFailure {
    List<Map<String, String>> trail = new ArrayList<>();
    URI uri = first;
    while (true) {
      Reply reply = sendOnce(method, uri, headers, trail);
      Optional<String> location = reply.header(HttpHeaders.LOCATION);
      if (!REDIRECTS.contains(reply.status()) || location.isEmpty()) {
        return Answers.requireLasting(reply);
      }
      URI next = WebAddress.resolve(uri, location.get());
      if (!WebAddress.sameHost(uri, next) && enough.test(reply)) {
        return reply;
      }
      reply.close();
      trail.add(reply.headers());
      requireFollowed(first, uri, next, trail.size());
      uri = next;
    }
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  private static void requireFollowed(URI first, URI from, URI to, int hops)
      throws ImportException {
    if (hops > MOST_REDIRECTS) {
      throw new ImportException(
          Kind.DAMAGED,
          "%s redirects more than %d times; check HF_ENDPOINT."
              .formatted(WebAddress.shown(first), MOST_REDIRECTS));
    }
    if (from.getScheme().equalsIgnoreCase("https") && !to.getScheme().equalsIgnoreCase("https")) {
      // Anyone on the way could put other weights in place of those that were meant.
      throw new ImportException(
          Kind.DAMAGED,
          "%s redirects from https to %s, which is not followed; ask who runs the server."
              .formatted(WebAddress.shown(first), to.getScheme()));
    }
  }

  private Reply sendOnce(
      String method, URI uri, Map<String, String> headers, List<Map<String, String>> trail)
      throws IOException, PassingFailure {
    HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
    // The size and the ranges of the file itself are wanted, not those of a packed copy.
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    headers.forEach(request::setHeader);
    if (WebAddress.sameHost(uri, environment.endpoint())) {
      environment
          .token()
          .ifPresent(token -> request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token));
    }
    try {
      ClassicHttpResponse response = client.executeOpen(null, request, null);
      HttpEntity entity = response.getEntity();
      return new Reply(
          uri,
          response.getCode(),
          headers(response),
          List.copyOf(trail),
          entity == null ? InputStream.nullInputStream() : entity.getContent(),
          // Cut, not closed in an orderly way, which would first read the rest of a large file.
          request::cancel);
    } catch (SSLException e) {
      if (String.valueOf(e.getMessage()).contains("certif")
          || String.valueOf(e.getMessage()).contains("PKIX")) {
        throw new ImportException(
            Kind.ACCESS,
            "The certificate of %s is not trusted (%s); if a proxy or a mirror has its own, name a"
                    .formatted(uri.getAuthority(), e.getMessage())
                + " trust store by BLIPSTREAM_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE.",
            e);
      }
      throw failed(uri, e);
    } catch (IOException e) {
      throw failed(uri, e);
    }
  }

  private PassingFailure failed(URI uri, IOException e) {
    String why =
        e instanceof UnknownHostException
            ? "the host is not known"
            : String.valueOf(e.getMessage());
    return new PassingFailure(
        new ImportException(
            Kind.UNREACHABLE,
            "%s cannot be reached (%s); check the network, HTTPS_PROXY and HF_ENDPOINT."
                .formatted(uri.getAuthority(), why.strip().replaceFirst("\\.$", "")),
            e));
  }

  private static Map<String, String> headers(ClassicHttpResponse response) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    return Map.copyOf(headers);
  }

  private SocketConfig socket(HttpHost target, Timeout timeout) {
    SocketConfig.Builder config = SocketConfig.custom().setSoTimeout(timeout);
    environment
        .proxies()
        .of(target.getSchemeName(), target.getHostName(), target.getPort())
        .filter(Proxies.Proxy::socks)
        .ifPresent(
            proxy ->
                config.setSocksProxyAddress(new InetSocketAddress(proxy.host(), proxy.port())));
    return config.build();
  }

  /** Leads each request over the proxy for its host; SOCKS works below HTTP, on the socket. */
  private static final class ProxyRoutes extends DefaultRoutePlanner {

    private final Proxies proxies;

    ProxyRoutes(Proxies proxies) {
      super(null);
      this.proxies = proxies;
    }

    @Override
    protected HttpHost determineProxy(HttpHost target, HttpContext context) {
      return proxies
          .of(target.getSchemeName(), target.getHostName(), WebAddress.port(target))
          .filter(proxy -> !proxy.socks())
          .map(proxy -> new HttpHost("http", proxy.host(), proxy.port()))
          .orElse(null);
    }
  }
}
