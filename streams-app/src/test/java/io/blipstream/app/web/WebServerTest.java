package io.blipstream.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.app.config.IllegalConfigurationException;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WebServerTest {

  private static final String TOKEN = "0123456789abcdef";

  private final List<WebServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(WebServer::close);
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/hello", request -> request.result("hello"));
    routes.get("/health/live", request -> request.result("alive"));
    routes.get(
        "/broken",
        request -> {
          throw new IllegalStateException("the password is 1234");
        });
    routes.post("/images", request -> request.result(request.bodyAsBytes().length + " bytes"));
    routes.sse("/events", client -> client.sendEvent("greeting", "hello"));
  }

  private RawHttp start(WebSettings settings) throws IOException {
    List<WebEndpoint> endpoints =
        List.of(
            WebServerTest::routes,
            new StaticFiles(WebServerTest.class, "/page/", List.of("index.html")));
    WebServer server = WebServer.start(settings, endpoints);
    servers.add(server);
    return new RawHttp(server.port());
  }

  private RawHttp local() throws IOException {
    return start(WebSettings.local(0));
  }

  private RawHttp guarded() throws IOException {
    return start(new WebSettings("0.0.0.0", 0, Optional.of(TOKEN), false));
  }

  @Test
  void shouldAnswerWhatEndpointsAddAndNothingElse() throws IOException {
    RawHttp http = local();
    assertThat(http.get("/hello").body()).isEqualTo("hello");
    assertThat(http.get("/nothing").status()).isEqualTo(404);
    assertThat(http.send("POST", "/hello", new byte[0]).status()).isEqualTo(405);
    assertThat(http.get("/events", "Accept: text/event-stream").body())
        .contains("event: greeting\ndata: hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/hello", "/nothing", "/broken", "/page/"})
  void shouldTellBrowsersWhatTheyMustNotDo(String path) throws IOException {
    RawHttp.Answer answer = local().get(path);
    assertThat(answer.header("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe"));
    assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.header("X-Frame-Options")).hasValue("DENY");
    assertThat(answer.header("Server")).isEmpty();
  }

  @Test
  void shouldNotTellWhyAHandlerFailed() throws IOException {
    RawHttp.Answer answer = local().get("/broken");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("password");
  }

  /** A web site whose name was made to point to this machine, as DNS rebinding does it. */
  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8080", "localhost.evil.example", ""})
  void shouldAnswerToLocalNamesOnlyWhenBoundToThisMachine(String host) throws IOException {
    RawHttp http = local();
    assertThat(http.get("/hello", "Host: " + host).status()).isIn(400, 403);
    assertThat(http.get("/hello", "Host: 127.0.0.1:1").status()).isEqualTo(200);
    assertThat(http.get("/hello", "Host: [::1]:1").status()).isEqualTo(200);
  }

  @Test
  void shouldTakeChangesFromItsOwnPagesOnly() throws IOException {
    RawHttp http = local();
    byte[] image = {1, 2, 3};
    assertThat(http.send("POST", "/images", image, "Origin: http://evil.example").status())
        .isEqualTo(403);
    assertThat(http.send("POST", "/images", image, "Origin: null").status()).isEqualTo(403);
    assertThat(
            http.send("POST", "/images", image, "Host: localhost:9", "Origin: http://localhost:9")
                .body())
        .isEqualTo("3 bytes");
    assertThat(http.send("POST", "/images", image).body()).as("no browser").isEqualTo("3 bytes");
  }

  @Test
  void shouldRefuseBodiesThatAreTooLarge() throws IOException {
    RawHttp http = local();
    int most = (int) WebSettings.MAX_REQUEST_BYTES;
    assertThat(http.send("POST", "/images", new byte[most]).body()).isEqualTo(most + " bytes");
    assertThat(http.send("POST", "/images", new byte[most + 1]).status()).isEqualTo(413);
    assertThat(http.get("/hello?" + "x".repeat(10_000)).status()).isIn(414, 431);
  }

  @Test
  void shouldAskForTheTokenWhereThereIsOne() throws IOException {
    RawHttp http = guarded();
    RawHttp.Answer refused = http.get("/hello");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).hasValue("Bearer");
    assertThat(http.get("/nothing").status()).as("tells not even what there is").isEqualTo(401);
    assertThat(http.get("/page/").status()).isEqualTo(401);
    assertThat(http.get("/hello", "Authorization: Bearer " + TOKEN).body()).isEqualTo("hello");
    assertThat(http.get("/hello", "Authorization: Bearer " + TOKEN + "0").status()).isEqualTo(401);
    assertThat(http.get("/hello", "Authorization: Basic " + TOKEN).status()).isEqualTo(401);
    assertThat(http.get("/hello", "Cookie: blipstream=" + TOKEN).status()).isEqualTo(401);
  }

  @Test
  void shouldLetProbesAskForHealthWithoutTheToken() throws IOException {
    RawHttp http = guarded();
    assertThat(http.get("/health/live").body()).isEqualTo("alive");
    assertThat(http.get("/health/live/../../hello").status()).isIn(400, 401);
    assertThat(http.get("/health/live;x/hello").status()).isIn(400, 401);
    assertThat(http.get("/health/%2e%2e/hello").status()).isIn(400, 401);
  }

  @Test
  void shouldTurnATokenInTheAddressIntoACookieAndLeadOnWithoutIt() throws IOException {
    RawHttp http = guarded();
    RawHttp.Answer visit = http.get("/hello?a=1&token=" + TOKEN + "&b=x%26y");
    assertThat(visit.status()).isEqualTo(303);
    assertThat(visit.header("Location")).hasValue("/hello?a=1&b=x%26y");
    String cookie = visit.header("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Lax").doesNotContain(TOKEN);
    assertThat(visit.body()).doesNotContain("hello");
    String brought = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    assertThat(http.get("/hello", brought).body()).isEqualTo("hello");
    assertThat(http.get("/hello?token=wrong").status()).isEqualTo(401);
    assertThat(http.get("//evil.example/?token=" + TOKEN).header("Location"))
        .as("leads nowhere else")
        .isNotEqualTo(Optional.of("//evil.example/"));
  }

  @Test
  void shouldServeNamedFilesOnly() throws IOException {
    RawHttp http = local();
    RawHttp.Answer page = http.get("/page/");
    assertThat(page.body()).contains("A page");
    assertThat(page.header("Content-Type")).hasValue("text/html;charset=utf-8");
    String tag = page.header("ETag").orElseThrow();
    assertThat(http.get("/page/index.html", "If-None-Match: " + tag).status()).isEqualTo(304);
    assertThat(http.get("/page/WebServerTest.class").status()).isEqualTo(404);
    assertThat(http.get("/page/..%2fWebServerTest.class").status()).isIn(400, 404);
  }

  @Test
  void shouldSayThatAPortIsTaken() throws IOException {
    local();
    WebSettings taken = WebSettings.local(servers.get(0).port());
    assertThatThrownBy(() -> WebServer.start(taken, List.of()))
        .isInstanceOf(PortInUseException.class)
        .hasMessageContaining(Integer.toString(taken.port()))
        .hasMessageContaining("--web-port");
  }

  @Test
  void shouldNotListenToOtherMachinesWithoutATokenOrLeave() throws IOException {
    assertThatThrownBy(() -> new WebSettings("0.0.0.0", 0, Optional.empty(), false))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("--web-token")
        .hasMessageContaining("--web-open");
    assertThat(start(new WebSettings("0.0.0.0", 0, Optional.empty(), true)).get("/hello").status())
        .isEqualTo(200);
  }

  @Test
  void shouldRefuseAWeakTokenAndShowNone() {
    assertThatThrownBy(() -> new WebSettings("0.0.0.0", 0, Optional.of("secret-0"), false))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageNotContaining("secret-0");
    assertThat(new WebSettings("0.0.0.0", 0, Optional.of(TOKEN), false).toString())
        .doesNotContain(TOKEN);
  }
}
