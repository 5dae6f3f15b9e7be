package io.blipstream.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A server that behaves as the Hugging Face hub does, with a second one on another port for large
 * files: small files come from the first by a relative redirect, with git's hash as entity tag;
 * large ones by a redirect to the second, with their SHA-256 stated beside.
 */
final class FakeHub implements AutoCloseable {

  /** A request as it came in. */
  record Request(String host, String method, String path, Optional<String> authorization) {}

  /** An answer in place of the right one. */
  record Refusal(int status, Map<String, String> headers) {}

  static final String REPOSITORY = "Salesforce/blip-image-captioning-base";

  private static final List<String> LARGE = List.of(".safetensors", ".bin", ".pth");

  static {
    // Or else every small answer waits for an acknowledgement, 40 ms each.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer hub = server();
  private final HttpServer store = server();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, String> revisions = new ConcurrentHashMap<>();
  private final Map<String, Map<String, byte[]>> commits = new ConcurrentHashMap<>();
  private final Deque<Refusal> refusals = new ArrayDeque<>();
  private final Map<String, UnaryOperator<byte[]>> spoilt = new ConcurrentHashMap<>();
  private String storeAddress = address(store);

  final List<Request> requests = new CopyOnWriteArrayList<>();
  final AtomicLong storeBytes = new AtomicLong();
  volatile Optional<String> requiredToken = Optional.empty();
  volatile boolean gated;
  volatile boolean ranges = true;
  volatile boolean gzip;
  volatile boolean saysCommit = true;
  volatile Runnable afterFirstRequest = () -> {};

  FakeHub() {
    hub.createContext("/", exchange -> handle("hub", exchange));
    store.createContext("/", exchange -> handle("store", exchange));
    hub.setExecutor(threads);
    store.setExecutor(threads);
    hub.start();
    store.start();
  }

  /** A repository whose revision holds the files of a folder. */
  static FakeHub of(Path folder) throws IOException {
    FakeHub hub = new FakeHub();
    hub.push("main", folder);
    return hub;
  }

  /** Puts a folder's files into a new commit, at which the revision then is. */
  String push(String revision, Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return push(revision, files);
  }

  String push(String revision, Map<String, byte[]> files) {
    MessageDigest all = digest("SHA-1");
    files.forEach(
        (name, bytes) -> {
          all.update(name.getBytes(StandardCharsets.UTF_8));
          all.update(bytes);
        });
    String commit = HexFormat.of().formatHex(all.digest());
    commits.put(commit, files);
    revisions.put(revision, commit);
    return commit;
  }

  /** Answers the next requests so, one each. */
  void refuse(int times, int status, Map<String, String> headers) {
    for (int i = 0; i < times; i++) {
      refusals.add(new Refusal(status, headers));
    }
  }

  /** Sends other bytes of a file than the ones it announces. */
  void spoil(String file, UnaryOperator<byte[]> change) {
    spoilt.put(file, change);
  }

  void heal() {
    spoilt.clear();
  }

  /** Redirects to large files by way of another port. */
  void storeBehind(String address) {
    storeAddress = address;
  }

  String address() {
    return address(hub);
  }

  int port() {
    return hub.getAddress().getPort();
  }

  int storePort() {
    return store.getAddress().getPort();
  }

  List<Request> requestsOf(String host, String method) {
    return requests.stream()
        .filter(request -> request.host().equals(host) && request.method().equals(method))
        .toList();
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }

  private void handle(String host, HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      Optional<String> authorization =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
      boolean first = requests.isEmpty();
      requests.add(new Request(host, exchange.getRequestMethod(), path, authorization));
      Refusal refusal;
      synchronized (refusals) {
        refusal = refusals.poll();
      }
      if (refusal != null) {
        end(exchange, refusal.status(), refusal.headers());
      } else if (host.equals("store") || path.startsWith("/api/resolve-cache/")) {
        file(exchange, path, host);
      } else {
        resolve(exchange, path, authorization);
      }
      if (first) {
        afterFirstRequest.run();
      }
    }
  }

  /** {@code /{owner}/{name}/resolve/{revision}/{file}}. */
  private void resolve(HttpExchange exchange, String path, Optional<String> authorization)
      throws IOException {
    String[] parts = path.substring(1).split("/");
    String repository = parts[0] + "/" + parts[1];
    if (!repository.equals(REPOSITORY)) {
      end(exchange, authorization.isPresent() ? 404 : 401, error("RepoNotFound", "Not found"));
      return;
    }
    if (requiredToken.isPresent()
        && !authorization.equals(requiredToken.map(token -> "Bearer " + token))) {
      end(exchange, 401, gated ? error("GatedRepo", "Gated") : error("RepoNotFound", "Not found"));
      return;
    }
    String revision = parts[3].replace("%2F", "/");
    String commit = revisions.getOrDefault(revision, revision);
    Map<String, byte[]> files = commits.get(commit);
    if (parts.length != 5 || files == null) {
      end(exchange, 404, error("RevisionNotFound", "Invalid rev id"));
      return;
    }
    byte[] bytes = files.get(parts[4]);
    if (bytes == null) {
      end(exchange, 404, error("EntryNotFound", "Entry not found"));
      return;
    }
    boolean large = LARGE.stream().anyMatch(parts[4]::endsWith);
    Map<String, String> headers = new TreeMap<>();
    if (saysCommit) {
      headers.put("X-Repo-Commit", commit);
    }
    headers.put("X-Linked-Size", String.valueOf(bytes.length));
    headers.put("X-Linked-Etag", '"' + (large ? sha256(bytes) : gitHash(bytes)) + '"');
    headers.put(
        "Location",
        large
            ? "%s/%s/%s?signature=a|b".formatted(storeAddress, commit, parts[4])
            : "/api/resolve-cache/%s/%s".formatted(commit, parts[4]));
    end(exchange, large ? 302 : 307, headers);
  }

  private void file(HttpExchange exchange, String path, String host) throws IOException {
    String[] parts = path.split("/");
    String name = parts[parts.length - 1];
    byte[] right = commits.get(parts[parts.length - 2]).get(name);
    byte[] bytes = spoilt.getOrDefault(name, UnaryOperator.identity()).apply(right);
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    int status = 200;
    if (ranges && range != null) {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      status = 206;
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    if (host.equals("hub")) {
      exchange.getResponseHeaders().set("ETag", '"' + gitHash(right) + '"');
    }
    if (gzip && host.equals("hub")) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out = new GZIPOutputStream(packed)) {
        out.write(bytes);
      }
      bytes = packed.toByteArray();
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length - from);
    OutputStream out = exchange.getResponseBody();
    for (int at = from; at < bytes.length; at += 8192) {
      int length = Math.min(8192, bytes.length - at);
      if (host.equals("store")) {
        storeBytes.addAndGet(length);
      }
      out.write(bytes, at, length);
    }
  }

  private static Map<String, String> error(String code, String message) {
    return Map.of("X-Error-Code", code, "X-Error-Message", message);
  }

  private static void end(HttpExchange exchange, int status, Map<String, String> headers)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(status, -1);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
  }

  private static String gitHash(byte[] bytes) {
    MessageDigest digest = digest("SHA-1");
    digest.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }
}
