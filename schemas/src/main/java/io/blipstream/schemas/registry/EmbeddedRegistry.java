package io.blipstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry in this process, for the embedded broker: started beside it, it gives several
 * processes on one machine the same schema ids, and the same ids after a restart, which {@code
 * mock://} cannot.
 *
 * <p>It has neither credentials nor TLS and listens to this machine alone unless told otherwise; it
 * enforces FULL_TRANSITIVE until a compatibility level is set, keeps everything in one folder, and
 * knows Avro without references.
 */
public final class EmbeddedRegistry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final int REQUEST_LIMIT = 1 << 20;

  private final RegistryStore store;
  private final RegistryRoutes routes;
  private final HttpServer server;
  private final ExecutorService threads;

  private EmbeddedRegistry(RegistryStore store, HttpServer server) {
    this.store = store;
    this.routes = new RegistryRoutes(store);
    this.server = server;
    this.threads =
        Executors.newFixedThreadPool(
            4,
            work -> {
              Thread thread = new Thread(work, "embedded-registry");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * Starts a registry on the loopback address.
   *
   * @param folder where its schemas are kept; made when missing
   * @param port the port, or 0 for any free one
   * @throws IOException when the port is taken, or the folder is in use or unreadable
   */
  public static EmbeddedRegistry start(Path folder, int port) throws IOException {
    return start(folder, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Starts a registry on a given address; see {@link #start(Path, int)}. */
  public static EmbeddedRegistry start(Path folder, InetSocketAddress address) throws IOException {
    RegistryStore store = new RegistryStore(folder);
    try {
      return new EmbeddedRegistry(store, HttpServer.create(address, 0));
    } catch (IOException e) {
      store.close();
      throw new IOException(
          "The embedded schema registry cannot listen on "
              + address
              + " ("
              + e.getMessage()
              + "): choose another port.",
          e);
    }
  }

  /** The address for {@code schema.registry.url}. */
  public String url() {
    InetSocketAddress address = server.getAddress();
    InetAddress host = address.getAddress();
    String name = host.isAnyLocalAddress() ? "localhost" : host.getHostAddress();
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + address.getPort();
  }

  /** Stops answering and lets go of the folder. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      store.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The schema registry's folder could not be released.", e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    int status = 200;
    Object answer;
    try {
      answer = routes.answer(exchange.getRequestMethod(), exchange.getRequestURI(), body(exchange));
    } catch (RegistryError e) {
      status = e.status();
      answer = new ErrorBody(e.code(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("The schema registry failed at {}.", exchange.getRequestURI(), e);
      status = 500;
      answer = new ErrorBody(50001, "The schema registry failed: " + e);
    }
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", MEDIA_TYPE);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    try (InputStream in = exchange.getRequestBody()) {
      byte[] bytes = in.readNBytes(REQUEST_LIMIT + 1);
      if (bytes.length > REQUEST_LIMIT) {
        throw RegistryError.tooLarge(REQUEST_LIMIT);
      }
      return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw RegistryError.badRequest("The request is not JSON: " + e.getOriginalMessage());
    }
  }

  private record ErrorBody(
      @com.fasterxml.jackson.annotation.JsonProperty("error_code") int errorCode, String message) {}
}
