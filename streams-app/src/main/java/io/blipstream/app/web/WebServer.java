package io.blipstream.app.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.Context;
import io.javalin.http.InternalServerErrorResponse;
import io.javalin.util.JavalinBindException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server for the pages, probes and figures of one process. Everything that a client can use
 * up is bounded: threads, connections, bytes of a request, and the time in which nothing moves. It
 * speaks no TLS: in front of other machines than this one belongs something that does.
 */
public final class WebServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

  private static final int MAX_THREADS = 16;
  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_HEADER_BYTES = 8192;

  /** Bytes a second: whoever sends a body slower than this only holds a thread. */
  private static final long LEAST_DATA_RATE = 1024;

  private static final long STOP_MILLIS = 2000;

  /** Scripts and styles are our own files only, and nobody shows us in a frame. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
              + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final WebSettings settings;
  private final Javalin javalin;

  private WebServer(WebSettings settings, List<? extends WebEndpoint> endpoints) {
    this.settings = settings;
    Access access = new Access(settings);
    this.javalin =
        Javalin.create(
            config -> {
              bounds(config);
              config.routes.before(request -> HEADERS.forEach(request::header));
              config.routes.before(access::check);
              config.routes.exception(Exception.class, WebServer::failed);
              endpoints.forEach(endpoint -> endpoint.addTo(config.routes));
            });
  }

  /**
   * Listens.
   *
   * @throws PortInUseException if somebody else does at this port
   */
  public static WebServer start(WebSettings settings, List<? extends WebEndpoint> endpoints)
      throws PortInUseException {
    WebServer server = new WebServer(settings, endpoints);
    try {
      server.javalin.start();
    } catch (JavalinBindException e) {
      throw new PortInUseException(settings, e);
    }
    return server;
  }

  private void bounds(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = WebSettings.MAX_REQUEST_BYTES;
    config.http.prefer405over404 = true;
    // Uploads stay in memory: the root file system may be read-only.
    int mib = (int) (WebSettings.MAX_REQUEST_BYTES >> 20);
    config.jetty.multipartConfig.maxFileSize(mib, SizeUnit.MB);
    config.jetty.multipartConfig.maxTotalRequestSize(mib, SizeUnit.MB);
    config.jetty.multipartConfig.maxInMemoryFileSize(mib, SizeUnit.MB);
    // Its queue has no bound of its own: what waits in it is bounded by the connections.
    QueuedThreadPool threads =
        new QueuedThreadPool(MAX_THREADS, 2, (int) WebSettings.IDLE.toMillis());
    threads.setName("blipstream-web");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    config.jetty.modifyHttpConfiguration(WebServer::httpBounds);
    config.jetty.modifyServer(WebServer::serverBounds);
    config.jetty.addConnector(this::connector);
  }

  private static void httpBounds(HttpConfiguration http) {
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setSendServerVersion(false);
  }

  private static void serverBounds(Server server) {
    server.setStopTimeout(STOP_MILLIS);
    server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
    server.insertHandler(new SizeLimitHandler(WebSettings.MAX_REQUEST_BYTES, -1));
    server.insertHandler(new MinimumDataRateHandler(LEAST_DATA_RATE, 0));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(WebSettings.IDLE.toMillis());
    return connector;
  }

  /** What a handler did not foresee: the asker learns that it failed, the log says why. */
  private static void failed(Exception failure, Context request) {
    LOG.warn("Could not answer {} {}", request.method(), request.path(), failure);
    throw new InternalServerErrorResponse("This failed; the log of the service says why.");
  }

  /** The port it listens at. */
  public int port() {
    return javalin.port();
  }

  /** Where a browser on this machine finds it. */
  public URI address() {
    boolean anywhere = settings.host().equals("0.0.0.0") || settings.host().equals("::");
    String host = anywhere ? "localhost" : settings.host();
    String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create("http://" + bracketed + ":" + port() + "/");
  }

  /** Refuses new requests and ends open ones, event streams among them. */
  @Override
  public void close() {
    javalin.stop();
  }
}
