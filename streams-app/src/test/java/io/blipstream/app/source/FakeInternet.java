package io.blipstream.app.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Every address there is, all at one server of this machine: sockets note where they were sent, and
 * go nowhere else. Names have the answers that a test gives them, one after the other; the last
 * answer stays.
 */
final class FakeInternet implements AutoCloseable {

  /** What the server was asked, as {@code host/path}. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Addresses that connections were opened to, in order. */
  final List<String> reached = new CopyOnWriteArrayList<>();

  /** Names that were looked up, in order. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final Map<String, Deque<InetAddress[]>> names = new HashMap<>();
  private final Map<String, String> redirects = new HashMap<>();
  private final byte[] image;
  private final HttpServer server;

  FakeInternet(byte[] image) throws IOException {
    this.image = image;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Lets a name answer with addresses, after what was said of it before. */
  FakeInternet name(String host, String... addresses) throws UnknownHostException {
    InetAddress[] answer = new InetAddress[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      answer[i] = InetAddress.getByName(addresses[i]);
    }
    names.computeIfAbsent(host, h -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** Sends whoever asks {@code host/path} on. */
  FakeInternet redirect(String from, String location) {
    redirects.put(from, location);
    return this;
  }

  InetAddress[] lookUp(String host) throws UnknownHostException {
    asked.add(host);
    Deque<InetAddress[]> answers = names.get(host);
    if (answers == null) {
      throw new UnknownHostException(host);
    }
    return answers.size() > 1 ? answers.remove() : answers.peek();
  }

  Socket socket() {
    return new Socket(Proxy.NO_PROXY) {
      @Override
      public void connect(SocketAddress to, int timeout) throws IOException {
        reached.add(((InetSocketAddress) to).getAddress().getHostAddress());
        super.connect(server.getAddress(), timeout);
      }
    };
  }

  /** The server's own address, for those who come without these sockets. */
  String url() {
    return "http://127.0.0.1:%d/image".formatted(server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI();
    requests.add(asked);
    String location = redirects.get(asked);
    if (location != null) {
      exchange.getResponseHeaders().add("Location", location);
    }
    // One connection a request, so that each shows where it leads.
    exchange.getResponseHeaders().add("Connection", "close");
    exchange.sendResponseHeaders(location == null ? 200 : 302, image.length);
    exchange.getResponseBody().write(image);
    exchange.close();
  }
}
