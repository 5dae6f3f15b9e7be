package io.blipstream.app.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.blipstream.app.source.FetchException.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one host may cost the others, counted where it counts: at the host. */
@Timeout(120)
class HostLimitsTest {

  private static final byte[] IMAGE = "as good as an image".getBytes(UTF_8);

  /** As if there were no breaker: the negative control. */
  private static final CircuitBreakerConfig NEVER_OPEN =
      CircuitBreakerConfig.from(HostGates.BREAKER)
          .slidingWindowSize(1_000)
          .minimumNumberOfCalls(1_000)
          .build();

  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  /** A host that takes calls and says nothing. */
  private static final class DeadHost implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> calls = new CopyOnWriteArrayList<>();

    DeadHost(ExecutorService threads) throws IOException {
      socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      threads.execute(
          () -> {
            try {
              while (true) {
                calls.add(socket.accept());
              }
            } catch (IOException e) {
              // Closed: the test is over.
            }
          });
    }

    String link(int image) {
      return "http://127.0.0.1:%d/%d.png".formatted(socket.getLocalPort(), image);
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket call : calls) {
        call.close();
      }
    }
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/image", exchange -> answer(exchange, 200));
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void shouldAskADeadHostOnlyAFewTimesAndAGoodOneEveryTime() throws Exception {
    try (DeadHost dead = new DeadHost(threads);
        LinkFetcher fetcher = fetcher(limits(1_500, 0, 4), HostGates.BREAKER)) {
      List<FetchException> failures = new ArrayList<>();
      for (int image = 0; image < 40; image++) {
        failures.add(failure(fetcher, dead.link(image)));
        assertThat(fetcher.fetch(url("/image"))).isEqualTo(IMAGE);
      }
      assertThat(dead.calls).hasSize(5);
      assertThat(failures.subList(0, 5))
          .extracting(FetchException::reason)
          .containsOnly(Reason.FETCH_TIMEOUT);
      assertThat(failures.subList(5, 40))
          .allSatisfy(
              failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.FETCH_FAILED);
                assertThat(failure)
                    .hasMessageContaining("was not asked")
                    .hasMessageContaining("1500 ms");
              });
    }
  }

  @Test
  void shouldWaitForADeadHostEveryTimeWithoutTheBreaker() throws Exception {
    try (DeadHost dead = new DeadHost(threads);
        LinkFetcher fetcher = fetcher(limits(1_000, 0, 4), NEVER_OPEN)) {
      for (int image = 0; image < 6; image++) {
        assertThat(failure(fetcher, dead.link(image)).reason()).isEqualTo(Reason.FETCH_TIMEOUT);
      }
      assertThat(dead.calls).hasSize(6);
    }
  }

  @Test
  void shouldAskAHostAgainAfterAWhileAndGoOnWhenItAnswers() throws Exception {
    AtomicBoolean back = new AtomicBoolean();
    server.createContext("/away", exchange -> answer(exchange, back.get() ? 200 : 503));
    CircuitBreakerConfig impatient =
        CircuitBreakerConfig.from(HostGates.BREAKER)
            .waitDurationInOpenState(Duration.ofSeconds(3))
            .build();
    try (LinkFetcher fetcher = fetcher(limits(5_000, 0, 4), impatient)) {
      for (int i = 0; i < 8; i++) {
        failure(fetcher, url("/away"));
      }
      assertThat(requests).as("the last three were not asked for").hasValue(5);
      back.set(true);
      Thread.sleep(3_100);
      for (int i = 0; i < 8; i++) {
        assertThat(fetcher.fetch(url("/away"))).isEqualTo(IMAGE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 410, 500})
  void shouldNotBlameAHostForSingleImagesNorAskForThemTwice(int status) throws Exception {
    server.createContext("/bad", exchange -> answer(exchange, status));
    try (LinkFetcher fetcher = fetcher(limits(5_000, 2, 4), HostGates.BREAKER)) {
      for (int i = 0; i < 12; i++) {
        assertThat(failure(fetcher, url("/bad"))).hasMessageContaining("status " + status);
      }
    }
    assertThat(requests).hasValue(12);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 12})
  void shouldAskAHostForSoManyImagesAtATimeAndNoMore(int perHost) throws Exception {
    AtomicInteger now = new AtomicInteger();
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch full = new CountDownLatch(perHost);
    server.createContext(
        "/slow",
        exchange -> {
          seen.add(now.incrementAndGet());
          full.countDown();
          await(full);
          sleep(100); // Time for one too many to come.
          now.decrementAndGet();
          answer(exchange, 200);
        });
    try (LinkFetcher fetcher = fetcher(limits(60_000, 0, perHost), HostGates.BREAKER)) {
      List<Callable<byte[]>> fetches = Collections.nCopies(36, () -> fetcher.fetch(url("/slow")));
      for (Future<byte[]> fetch : threads.invokeAll(fetches)) {
        assertThat(fetch.get()).isEqualTo(IMAGE);
      }
    }
    assertThat(Collections.max(seen)).isEqualTo(perHost);
  }

  @Test
  void shouldTryABusyHostAgainWhenItSaysSo() throws Exception {
    server.createContext(
        "/busy",
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "1");
          answer(exchange, requests.get() == 0 ? 503 : 200);
        });
    long start = System.nanoTime();
    try (LinkFetcher fetcher = fetcher(limits(20_000, 1, 4), HostGates.BREAKER)) {
      assertThat(fetcher.fetch(url("/busy"))).isEqualTo(IMAGE);
    }
    assertThat(requests).hasValue(2);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "Fri, 01 Jan 2100 00:00:00 GMT", "99999999999999999999"})
  void shouldNotWaitForWhatComesAfterTheTimeLimit(String retryAfter) throws Exception {
    server.createContext(
        "/later",
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", retryAfter);
          answer(exchange, 429);
        });
    long start = System.nanoTime();
    try (LinkFetcher fetcher = fetcher(limits(20_000, 2, 4), HostGates.BREAKER)) {
      assertThat(failure(fetcher, url("/later"))).hasMessageContaining("status 429");
    }
    assertThat(requests).hasValue(1);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
  }

  @Test
  void shouldTryAgainAfterACutConnectionButNotAfterAFailedHandshake() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (ServerSocket cutting = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        LinkFetcher fetcher = fetcher(limits(10_000, 2, 4), HostGates.BREAKER)) {
      threads.execute(
          () -> {
            try {
              while (true) {
                try (Socket call = cutting.accept()) {
                  calls.incrementAndGet();
                  int unused = call.getInputStream().read(new byte[4096]);
                  call.getOutputStream().write("nothing of TLS".getBytes(UTF_8), 0, scheme(calls));
                }
              }
            } catch (IOException e) {
              // Closed: the test is over.
            }
          });
      String place = "://127.0.0.1:%d/".formatted(cutting.getLocalPort());
      assertThat(failure(fetcher, "http" + place).reason()).isEqualTo(Reason.FETCH_FAILED);
      assertThat(calls).as("the first and two retries").hasValue(3);
      assertThat(failure(fetcher, "https" + place).reason()).isEqualTo(Reason.FETCH_FAILED);
      assertThat(calls).hasValue(4);
    }
  }

  /** Says nothing to the three plain calls, and nonsense to the fourth. */
  private static int scheme(AtomicInteger calls) {
    return calls.get() < 4 ? 0 : 14;
  }

  private static FetchLimits limits(long millis, int retries, int perHost) {
    return new FetchLimits(
        Duration.ofMillis(millis), Duration.ofSeconds(5), 1000, 3, retries, perHost);
  }

  private static LinkFetcher fetcher(FetchLimits limits, CircuitBreakerConfig breaker)
      throws IOException {
    return new LinkFetcher(
        limits, breaker, true, List.of(), InetAddress::getAllByName, DirectConnections.DIRECT);
  }

  private static FetchException failure(LinkFetcher fetcher, String link) {
    FetchException failure = catchThrowableOfType(FetchException.class, () -> fetcher.fetch(link));
    assertThat(failure).as("failure of %s", link).isNotNull();
    return failure;
  }

  private String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    requests.incrementAndGet();
    exchange.sendResponseHeaders(status, IMAGE.length);
    exchange.getResponseBody().write(IMAGE);
    exchange.close();
  }

  /** Waits until as many requests are there as may be: answered at once, they might never be. */
  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
