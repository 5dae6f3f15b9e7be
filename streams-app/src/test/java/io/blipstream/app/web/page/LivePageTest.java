package io.blipstream.app.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.app.topology.Place;
import io.blipstream.app.web.WebServer;
import io.blipstream.app.web.WebSettings;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.schemas.ImageEvent;
import java.awt.Color;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LivePageTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BYTES = "application/octet-stream";

  private final PageLimits limits =
      new PageLimits(1000, 1000, 50, 10, 2, 64, 1 << 20, 8, 1 << 20, Duration.ofSeconds(10));
  private final List<ImageEvent> sent = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private CompletableFuture<Void> acknowledged = CompletableFuture.completedFuture(null);
  private LivePage page;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    page =
        new LivePage(
            ServiceSettings.of(Map.of(), Map.of(), Map.of()),
            event -> {
              sent.add(event);
              return acknowledged;
            },
            new ServiceView(),
            limits);
    server = WebServer.start(WebSettings.local(0), List.of(page));
  }

  @AfterEach
  void stop() {
    page.close();
    server.close();
  }

  @Test
  void shouldServeEveryFileThatThePageNames() throws Exception {
    String index = get("").body();
    List<String> named = new ArrayList<>();
    var names = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(index);
    while (names.find()) {
      named.add(names.group(1));
    }
    assertThat(named).contains("main.js", "page.css");
    var imports = Pattern.compile("from \"\\./([^\"]+)\"");
    for (int i = 0; i < named.size(); i++) {
      HttpResponse<String> file = get(named.get(i));
      assertThat(file.statusCode()).as(named.get(i)).isEqualTo(200);
      var more = imports.matcher(file.body());
      while (more.find()) {
        if (!named.contains(more.group(1))) {
          named.add(more.group(1));
        }
      }
    }
    assertThat(named).contains("charts.js", "topology.js", "dom.js");
  }

  @Test
  void shouldLoadNothingFromElsewhereAndWriteNoMarkup() throws Exception {
    for (String name : LivePage.FILES) {
      String text = get(name).body();
      assertThat(text.replace("http://www.w3.org/2000/svg", "")).as(name).doesNotContain("://");
      assertThat(text)
          .as(name)
          .doesNotContain(
              "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }
  }

  @Test
  void shouldStreamCardsAndKeepTheirPictures() throws Exception {
    try (Events events = new Events("")) {
      assertThat(events.next("hello").get("threshold").asDouble()).isEqualTo(0.5);
      image(1, "a");
      JsonNode card = events.next("card");
      assertThat(card.get("imageId").asText()).isEqualTo("a");
      HttpResponse<byte[]> picture =
          http.send(
              request("page/pictures/" + card.get("key").asText()).build(),
              BodyHandlers.ofByteArray());
      assertThat(picture.headers().firstValue("content-type")).hasValue("image/jpeg");
      assertThat(picture.body()).startsWith(0xff, 0xd8);
      JsonNode tick = events.next("tick");
      while (tick.get("scores").get("WEB").get(10).asInt() == 0) {
        tick = events.next("tick");
      }
      assertThat(tick.get("scores").get("SYNTHETIC").get(90).asInt()).isEqualTo(1);
      assertThat(tick.get("page").get("viewers").asInt()).isEqualTo(1);
    }
    assertThat(get("page/pictures/unknown").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldGoOnWhereAConnectionBroke() throws Exception {
    String lastId;
    try (Events events = new Events("")) {
      image(1, "a");
      events.next("card");
      lastId = events.lastId;
    }
    image(2, "b");
    try (Events events = new Events(lastId)) {
      assertThat(events.next("card").get("imageId").asText()).isEqualTo("b");
    }
  }

  @Test
  void shouldRefuseMorePagesThanItMayHaveOpenAndForgetThoseThatWent() throws Exception {
    Events first = new Events("");
    try (first;
        Events second = new Events("")) {
      first.next("hello");
      second.next("hello");
      assertThat(get("page/events").statusCode()).isEqualTo(503);
    }
    Instant deadline = Instant.now().plusSeconds(90);
    while (true) {
      try (Events again = new Events("")) {
        again.next("hello");
        return;
      } catch (IOException refused) {
        assertThat(Instant.now()).as("until a place is free").isBefore(deadline);
        Thread.sleep(200);
      }
    }
  }

  @Test
  void shouldNotLetAPageThatDoesNotReadHoldUpAnother() throws Exception {
    try (Socket deaf = new Socket(server.address().getHost(), server.port())) {
      deaf.setReceiveBufferSize(1024);
      deaf.getOutputStream()
          .write("GET /page/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      try (Events events = new Events("")) {
        events.next("hello");
        String text = "long ".repeat(70);
        for (int i = 0; i < 20_000; i++) {
          page.onOutcome(outcome(i, "x", text));
        }
        image(20_001, "last");
        JsonNode card = events.next("card");
        while (!card.get("imageId").asText().equals("last")) {
          card = events.next("card");
        }
      }
    }
  }

  @Test
  void shouldSendAnImageWithItsTextAndSayItsId() throws Exception {
    byte[] image = PictureTest.png(10, 10, Color.RED);
    HttpResponse<String> answer =
        post("page/images?name=..%2Fmy%20cat.png&text=%20a%20cat%20", BYTES, image);
    assertThat(answer.statusCode()).isEqualTo(202);
    String id = JSON.readTree(answer.body()).get("imageId").asText();
    assertThat(id).startsWith("page-").endsWith("-1-my-cat.png");
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getId()).isEqualTo(id);
    assertThat(sent.get(0).getWebText()).isEqualTo("a cat");
    assertThat(sent.get(0).getContent().array()).isEqualTo(image);
    post("page/images?text=%20", BYTES, image);
    assertThat(sent.get(1).getWebText()).isNull();
    assertThat(sent.get(1).getId()).endsWith("-2-image");
  }

  @Test
  void shouldSayWhyAnImageIsNotSent() throws Exception {
    assertThat(error(post("page/images", BYTES, new byte[0]), 400)).contains("The file is empty");
    assertThat(error(post("page/images", "image/png", new byte[9]), 415)).contains(BYTES);
    assertThat(error(post("page/images?text=" + "x".repeat(2001), BYTES, new byte[9]), 400))
        .contains("The text has 2001 characters");
    assertThat(
            post("page/images", BYTES, new byte[(int) LivePage.MAX_IMAGE_BYTES + 1]).statusCode())
        .isEqualTo(413);
    assertThat(sent).isEmpty();
    acknowledged = CompletableFuture.failedFuture(new IOException("The topic is read-only."));
    assertThat(error(post("page/images", BYTES, new byte[9]), 502))
        .isEqualTo("Kafka did not take it: The topic is read-only.");
  }

  private static String error(HttpResponse<String> answer, int status) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body()).get("error").asText();
  }

  private void image(long offset, String id) throws IOException {
    ImageEvent event = ImageEvent.newBuilder().setId(id).setAttributes(Map.of()).build();
    page.onImage(
        new Place("images", 0, offset),
        event,
        PictureTest.png(20, 20, Color.RED),
        Instant.now(),
        System.nanoTime());
    page.onOutcome(outcome(offset, id, "a web text"));
  }

  private static Judged outcome(long offset, String id, String webText) {
    return new Judged(
        new Place("images", 0, offset),
        id,
        List.of(
            new Verdict(new TextScore(webText, TextSource.WEB, 0.105f, 0.1f), Optional.empty()),
            new Verdict(
                new TextScore("a caption", TextSource.SYNTHETIC, 0.9f, 0.5f), Optional.empty())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.address().resolve(path)).timeout(Duration.ofSeconds(90));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
    return http.send(
        request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build(),
        BodyHandlers.ofString());
  }

  /** A browser's end of an event stream. */
  private final class Events implements AutoCloseable {

    private final InputStream in;
    private final BufferedReader lines;
    private String lastId = "";

    Events(String lastEventId) throws IOException, InterruptedException {
      URI address = server.address().resolve("page/events");
      HttpRequest.Builder request = HttpRequest.newBuilder(address);
      if (!lastEventId.isEmpty()) {
        request.header("Last-Event-ID", lastEventId);
      }
      HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
      in = response.body();
      lines = new BufferedReader(new InputStreamReader(in, UTF_8));
      if (response.statusCode() != 200) {
        in.close();
        throw new IOException("Refused with " + response.statusCode());
      }
      assertThat(response.headers().firstValue("content-type").orElse(""))
          .startsWith("text/event-stream");
    }

    JsonNode next(String wanted) throws IOException {
      String event = "";
      while (true) {
        String line = lines.readLine();
        if (line == null) {
          throw new IOException("The stream has ended");
        }
        if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("data: ") && event.equals(wanted)) {
          return JSON.readTree(line.substring(6));
        }
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
