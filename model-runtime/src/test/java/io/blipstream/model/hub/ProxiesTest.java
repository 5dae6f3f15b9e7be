package io.blipstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Which proxy is taken, and that its password reaches it. */
class ProxiesTest {

  @Test
  void shouldTakeTheVariableOfTheScheme() throws IOException {
    Proxies proxies =
        proxies(
            Map.of("HTTPS_PROXY", "http://secure:8080", "ALL_PROXY", "socks5://all"),
            new Properties());

    assertThat(proxies.of("https", "huggingface.co", 443).orElseThrow().host()).isEqualTo("secure");
    Proxies.Proxy all = proxies.of("http", "huggingface.co", 80).orElseThrow();
    assertThat(all.host() + " " + all.port() + " " + all.socks()).isEqualTo("all 1080 true");
  }

  @Test
  void shouldLeaveOutHostsThatAreExcluded() throws IOException {
    Proxies proxies =
        proxies(
            Map.of("https_proxy", "proxy:3128", "no_proxy", "localhost, .corp.example,hub:8443"),
            new Properties());

    assertThat(proxies.of("https", "mirror.corp.example", 443)).isEmpty();
    assertThat(proxies.of("https", "corp.example", 443)).isEmpty();
    assertThat(proxies.of("https", "hub", 8443)).isEmpty();
    assertThat(proxies.of("https", "hub", 443)).isPresent();
    assertThat(proxies.of("https", "othercorp.example", 443)).isPresent();
  }

  @Test
  void shouldPreferTheProxyOfTheVirtualMachine() throws IOException {
    Properties properties = new Properties();
    properties.setProperty("https.proxyHost", "own");
    properties.setProperty("https.proxyPort", "99");
    properties.setProperty("http.nonProxyHosts", "*.example|10.*");
    Proxies proxies = proxies(Map.of("HTTPS_PROXY", "http://other"), properties);

    assertThat(proxies.of("https", "huggingface.co", 443).orElseThrow().port()).isEqualTo(99);
    assertThat(proxies.of("https", "a.example", 443)).isEmpty();
    assertThat(proxies.of("https", "10.1.2.3", 443)).isEmpty();
  }

  @Test
  void shouldRefuseAProxyItCannotUseWithoutRepeatingItsPassword() {
    assertThatThrownBy(
            () -> proxies(Map.of("HTTPS_PROXY", "https://me:secret@proxy"), new Properties()))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("HTTPS_PROXY must start with http://")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () -> proxies(Map.of("ALL_PROXY", "socks5://me:secret@proxy"), new Properties()))
        .hasMessageContaining("SOCKS");
  }

  @Test
  void shouldGiveItsPasswordToAProxyThatAsks() throws Exception {
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String expected =
        "Basic " + Base64.getEncoder().encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8));
    proxy.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean known =
                expected.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            if (!known) {
              exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
            }
            exchange.getResponseHeaders().set("X-Asked", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(known ? 200 : 407, -1);
          }
        });
    proxy.start();
    Map<String, String> environment = new HashMap<>();
    environment.put("HTTP_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.getAddress().getPort());
    environment.put("HF_TOKEN_PATH", "no-such-file");
    try (WebClient web = new WebClient(HubEnvironment.from(environment), Duration.ofSeconds(60));
        Reply reply =
            web.send("GET", URI.create("http://hub.invalid/x"), Map.of(), other -> false)) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("X-Asked").orElseThrow()).endsWith("/x");
    } finally {
      proxy.stop(0);
    }
  }

  private static Proxies proxies(Map<String, String> environment, Properties properties)
      throws IOException {
    return Proxies.from(environment, properties);
  }
}
