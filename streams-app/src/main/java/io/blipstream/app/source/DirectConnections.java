package io.blipstream.app.source;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;

/**
 * Builds connections that lead straight to the addresses that were checked. The library's own go
 * through a SOCKS proxy where the JVM is told of one ({@code -DsocksProxyHost}), whose network may
 * have another machine at the same address.
 */
final class DirectConnections extends PoolingHttpClientConnectionManagerBuilder {

  /** Makes sockets that are not connected yet. */
  @FunctionalInterface
  interface Sockets {
    Socket create() throws IOException;
  }

  /** Sockets that pass over every proxy; in use everywhere except in tests. */
  static final Sockets DIRECT = () -> new Socket(Proxy.NO_PROXY);

  private final Sockets sockets;

  DirectConnections(Sockets sockets) {
    this.sockets = sockets;
  }

  @Override
  protected HttpClientConnectionOperator createConnectionOperator(
      SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
    return new DefaultHttpClientConnectionOperator(
        proxy -> sockets.create(),
        ports,
        names,
        scheme -> URIScheme.HTTPS.same(scheme) ? tls : null);
  }
}
