package io.blipstream.app.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A proxy of the JVM must not come between the check of an address and the address. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ProxyTest {

  private static final byte[] IMAGE = "as good as an image".getBytes(StandardCharsets.UTF_8);
  private static final List<String> KINDS = List.of("http", "https", "socks");

  private final AtomicInteger calls = new AtomicInteger();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final List<String> set = new ArrayList<>();
  private ServerSocket proxy;
  private FakeInternet internet;

  @BeforeEach
  void start() throws IOException {
    internet = new FakeInternet(IMAGE);
    proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(
        () -> {
          try {
            while (true) {
              Socket call = proxy.accept();
              calls.incrementAndGet();
              call.close();
            }
          } catch (IOException e) {
            // Closed: the test is over.
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    set.forEach(System::clearProperty);
    internet.close();
    proxy.close();
    threads.shutdownNow();
  }

  @Test
  void shouldPassOverProxiesOfTheJvm() throws Exception {
    for (String kind : KINDS) {
      useProxy(kind);
    }
    try (LinkFetcher fetcher = new LinkFetcher(FetchLimits.DEFAULT, true, List.of())) {
      assertThat(fetcher.fetch(internet.url())).isEqualTo(IMAGE);
    }
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldSeeClientsThatTakeTheProxiesOfTheJvm() throws Exception {
    // Negative control: the properties are ones that others in this JVM obey.
    useProxy("http");
    URLConnection obedient = URI.create(internet.url()).toURL().openConnection();
    try (InputStream in = obedient.getInputStream()) {
      assertThat(in).as("reached directly, for want of a proxy that answers").isNotEmpty();
    } catch (IOException e) {
      // The proxy hangs up; whether that is an end or a try is for the client to say.
    }
    assertThat(calls).hasPositiveValue();

    int before = calls.get();
    useProxy("socks");
    URI uri = URI.create(internet.url());
    assertThatThrownBy(() -> new Socket(uri.getHost(), uri.getPort()).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("SOCKS");
    assertThat(calls.get()).isGreaterThan(before);
  }

  private void useProxy(String kind) {
    String dot = kind.equals("socks") ? "socksProxy" : kind + ".proxy";
    String except = kind.equals("socks") ? "socksNonProxyHosts" : "http.nonProxyHosts";
    Map<String, String> properties =
        Map.of(
            dot + "Host",
            "127.0.0.1",
            dot + "Port",
            Integer.toString(proxy.getLocalPort()),
            except,
            "");
    properties.forEach(System::setProperty);
    set.addAll(properties.keySet());
  }
}
