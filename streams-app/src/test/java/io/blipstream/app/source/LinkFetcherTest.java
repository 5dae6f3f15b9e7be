package io.blipstream.app.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.blipstream.app.source.FetchException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkFetcherTest {

  private static final byte[] IMAGE = "as good as an image".getBytes(StandardCharsets.UTF_8);
  private static final FetchLimits LIMITS = limits(30_000, 1);
  private static final FetchLimits HASTE = limits(600, 1);

  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/image", exchange -> answer(exchange, 200, IMAGE));
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void shouldReadAnImage() throws Exception {
    assertThat(fetch("/image")).isEqualTo(IMAGE);
  }

  @Test
  void shouldFollowRedirectsUpToTheLimit() throws Exception {
    redirect("/three", "/two");
    redirect("/two", "one");
    redirect("/one", url("/image"));
    redirect("/four", "/three");
    assertThat(fetch("/three")).isEqualTo(IMAGE);
    assertThat(failure("/four").reason()).isEqualTo(Reason.FETCH_FAILED);
  }

  @Test
  void shouldGiveUpOnARedirectLoop() {
    redirect("/loop", "/loop");
    assertThat(failure("/loop")).hasMessageContaining("redirects more than 3 times");
    assertThat(requests).hasValue(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://[fd00:ec2::254]/",
        "http://0.0.0.0/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user:secret@127.0.0.1/"
      })
  void shouldNotFollowARedirectToWhatIsNeverAllowed(String target) {
    redirect("/elsewhere", target);
    FetchException failure = failure("/elsewhere");
    assertThat(failure.reason()).isEqualTo(Reason.FETCH_FORBIDDEN);
    assertThat(failure).hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/image",
        "http://localhost:%d/image",
        "http://127.1:%d/image",
        "http://2130706433:%d/image",
        "http://[::1]:%d/image",
        "http://[::ffff:127.0.0.1]:%d/image",
        "http://[64:ff9b::7f00:1]:%d/image"
      })
  void shouldNotAskPrivateAddressesUnlessAllowed(String link) throws Exception {
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, false, List.of())) {
      assertThat(failure(fetcher, link.formatted(server.getAddress().getPort())).reason())
          .isEqualTo(Reason.FETCH_FORBIDDEN);
    }
    assertThat(requests).hasValue(0);
  }

  @Test
  void shouldAskForTheNameOfTheLinkAtTheCheckedAddress() throws Exception {
    StringBuilder host = new StringBuilder();
    server.createContext(
        "/host",
        exchange -> {
          host.append(exchange.getRequestHeaders().getFirst("Host"));
          answer(exchange, 200, IMAGE);
        });
    int port = server.getAddress().getPort();
    try (LinkFetcher fetcher =
        new LinkFetcher(LIMITS, true, List.of(), name -> new InetAddress[] {loopback()})) {
      assertThat(fetcher.fetch("http://images_1.test:%d/host".formatted(port))).isEqualTo(IMAGE);
    }
    assertThat(host).hasToString("images_1.test:" + port);
  }

  @Test
  void shouldUseOneConnectionForOneHost() throws Exception {
    Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    server.createContext(
        "/kept",
        exchange -> {
          clients.add(exchange.getRemoteAddress());
          answer(exchange, 200, IMAGE);
        });
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, true, List.of())) {
      for (int i = 0; i < 3; i++) {
        assertThat(fetcher.fetch(url("/kept"))).isEqualTo(IMAGE);
      }
    }
    assertThat(clients).hasSize(1);
  }

  @Test
  void shouldTellMissingFromFailing() {
    server.createContext("/gone", exchange -> answer(exchange, 410, IMAGE));
    server.createContext("/broken", exchange -> answer(exchange, 500, IMAGE));
    assertThat(failure("/nothing").reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failure("/gone").reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failure("/broken")).hasMessageContaining("500");
    assertThat(failure("/broken").reason()).isEqualTo(Reason.FETCH_FAILED);
  }

  @Test
  void shouldTryAgainWhenTheHostIsBusy() throws Exception {
    server.createContext(
        "/busy", exchange -> answer(exchange, requests.get() == 0 ? 503 : 200, IMAGE));
    assertThat(fetch("/busy")).isEqualTo(IMAGE);
    assertThat(requests).hasValue(2);
  }

  @Test
  void shouldBelieveAnAnnouncedLengthThatIsTooMuch() {
    server.createContext("/big", exchange -> exchange.sendResponseHeaders(200, 2_000_000));
    assertThat(failure("/big").reason()).isEqualTo(Reason.TOO_MANY_BYTES);
  }

  @Test
  void shouldStopReadingAnEndlessBodyAtTheLimit() {
    AtomicInteger written = new AtomicInteger();
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (written.addAndGet(1000) < 100_000_000) {
              out.write(new byte[1000]);
            }
          }
        });
    assertThat(failure("/endless").reason()).isEqualTo(Reason.TOO_MANY_BYTES);
    // What the sockets buffer is written, not what the server was ready to send.
    assertThat(written.get()).isLessThan(50_000_000);
  }

  @Test
  void shouldTakeExactlyTheLimitAndNotOneMore() throws Exception {
    server.createContext("/exact", exchange -> answer(exchange, 200, new byte[1000]));
    server.createContext("/over", exchange -> answer(exchange, 200, new byte[1001]));
    assertThat(fetch("/exact")).hasSize(1000);
    assertThat(failure("/over").reason()).isEqualTo(Reason.TOO_MANY_BYTES);
  }

  @Test
  void shouldGiveUpOnABodyThatDripsForever() {
    server.createContext(
        "/drip",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 600; i++) {
              out.write(1);
              out.flush();
              Thread.sleep(50);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(failure(HASTE, "/drip").reason()).isEqualTo(Reason.FETCH_TIMEOUT);
  }

  @Test
  void shouldGiveUpOnAHostThatTakesTheCallAndSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, loopback());
        LinkFetcher fetcher = new LinkFetcher(HASTE, true, List.of())) {
      assertThat(failure(fetcher, "http://127.0.0.1:%d/".formatted(silent.getLocalPort())).reason())
          .isEqualTo(Reason.FETCH_TIMEOUT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nServer: x\r\n"
      })
  void shouldNotTakeAnAnswerThatWasCutForAWholeOne(String answer) throws Exception {
    try (ServerSocket lying = new ServerSocket(0, 5, loopback());
        LinkFetcher fetcher = new LinkFetcher(LIMITS, true, List.of())) {
      threads.execute(
          () -> {
            while (!lying.isClosed()) {
              try (Socket socket = lying.accept()) {
                socket.getInputStream().read(new byte[1000]);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
              } catch (IOException e) {
                return;
              }
            }
          });
      assertThat(failure(fetcher, "http://127.0.0.1:%d/".formatted(lying.getLocalPort())).reason())
          .isEqualTo(Reason.FETCH_FAILED);
    }
  }

  @Test
  void shouldNotUnpackContentThatWasNotAskedFor() {
    server.createContext(
        "/packed",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          answer(exchange, 200, IMAGE);
        });
    assertThat(failure("/packed")).hasMessageContaining("gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no scheme.jpg", "http://", "http:///x", "http://[::1", "s3://b/k"})
  void shouldAnswerMalformedLinksWithAReason(String link) throws Exception {
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, true, List.of())) {
      assertThat(failure(fetcher, link).reason()).isIn(Reason.FETCH_FAILED, Reason.FETCH_FORBIDDEN);
    }
  }

  @Test
  void shouldEncodeWhatABrowserWouldEncode() throws Exception {
    assertThat(fetch("/image/two words|é.jpg?a={b}")).isEqualTo(IMAGE);
  }

  @Test
  void shouldKeepSignaturesOutOfMessages() {
    assertThat(failure("/nothing?signature=secret")).hasMessageNotContaining("secret");
  }

  @Test
  void shouldTellAnUnknownHost() throws Exception {
    CheckedResolver.Lookup nobody =
        host -> {
          throw new UnknownHostException(host);
        };
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, false, List.of(), nobody)) {
      assertThat(failure(fetcher, "http://nobody.test/"))
          .hasMessageContaining("the host is not known");
    }
  }

  private static FetchLimits limits(long millis, int retries) {
    return new FetchLimits(Duration.ofMillis(millis), Duration.ofSeconds(5), 1000, 3, retries, 4);
  }

  private byte[] fetch(String path) throws Exception {
    try (LinkFetcher fetcher = new LinkFetcher(LIMITS, true, List.of())) {
      return fetcher.fetch(url(path));
    }
  }

  private FetchException failure(String path) {
    return failure(LIMITS, path);
  }

  private FetchException failure(FetchLimits limits, String path) {
    try (LinkFetcher fetcher = new LinkFetcher(limits, true, List.of())) {
      return failure(fetcher, url(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static FetchException failure(LinkFetcher fetcher, String link) {
    FetchException failure = catchThrowableOfType(FetchException.class, () -> fetcher.fetch(link));
    assertThat(failure).as("failure of %s", link).isNotNull();
    return failure;
  }

  private String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  private void redirect(String path, String location) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", location);
          answer(exchange, 302, IMAGE);
        });
  }

  private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    requests.incrementAndGet();
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
