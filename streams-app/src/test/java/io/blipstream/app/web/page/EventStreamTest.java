package io.blipstream.app.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventStreamTest {

  private static final Duration SOON = Duration.ofMillis(20);

  private final PageLimits limits =
      new PageLimits(8, 1, 5, 3, 2, 320, 1 << 20, 8, 1 << 20, Duration.ofSeconds(10));
  private final EventStream stream = new EventStream(limits, "life");

  @Test
  void shouldSendEachClientWhatComes() throws InterruptedException {
    EventClient client = open("");
    assertThat(next(client)).containsExactly("greeting");
    stream.card(card("a"));
    stream.card(card("b"));
    assertThat(next(client))
        .containsExactly(
            "event: card\nid: life.1\ndata: {\"key\":\"a\"}\n\n",
            "event: card\nid: life.2\ndata: {\"key\":\"b\"}\n\n");
  }

  @Test
  void shouldSendWhoComesBackOnlyWhatItMissed() throws InterruptedException {
    stream.card(card("a"));
    stream.card(card("b"));
    stream.card(card("c"));
    assertThat(cards(open("life.2"))).containsExactly("c");
  }

  @Test
  void shouldSendAllThatIsKeptToWhoComesFromAnotherLife() throws InterruptedException {
    stream.card(card("a"));
    stream.card(card("b"));
    assertThat(cards(open("earlier.2"))).containsExactly("a", "b");
    assertThat(cards(open("life.999"))).as("an id from the future").containsExactly("a", "b");
  }

  @Test
  void shouldKeepNoMoreThanItsHistory() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      stream.card(card("card" + i));
    }
    assertThat(cards(open(""))).containsExactly("card95", "card96", "card97", "card98", "card99");
  }

  @Test
  void shouldDropTheOldestCardsOfASlowClientAndTellIt() throws InterruptedException {
    EventClient slow = open("");
    EventClient quick = open("");
    next(slow);
    next(quick);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stream.card(card("card" + i));
      seen.addAll(next(quick));
    }
    assertThat(seen).hasSize(10);
    assertThat(stream.lost()).isEqualTo(7);
    assertThat(next(slow)).hasSize(4).first().isEqualTo("event: lost\ndata: 7\n\n");
    stream.leave(slow);
    assertThat(stream.lost()).as("of clients that have left, too").isEqualTo(7);
  }

  @Test
  void shouldSendOnlyTheLatestTick() throws InterruptedException {
    EventClient client = open("");
    next(client);
    for (int i = 0; i < 100; i++) {
      stream.tick(JsonNodeFactory.instance.objectNode().put("at", i));
    }
    assertThat(next(client)).containsExactly("event: tick\ndata: {\"at\":99}\n\n");
    assertThat(next(open(""))).hasSize(2).last().isEqualTo("event: tick\ndata: {\"at\":99}\n\n");
  }

  @Test
  void shouldBreakASilence() throws InterruptedException {
    EventClient client = open("");
    next(client);
    assertThat(next(client)).containsExactly(":\n\n");
  }

  @Test
  void shouldTakeNoMoreClientsThanItMay() {
    EventClient first = open("");
    open("");
    assertThat(stream.open("", new byte[0])).isEmpty();
    stream.leave(first);
    stream.leave(first);
    assertThat(stream.clients()).isEqualTo(1);
    assertThat(stream.open("", new byte[0])).isPresent();
  }

  @Test
  void shouldEndAllConnections() throws InterruptedException {
    EventClient client = open("");
    next(client);
    stream.close();
    assertThat(next(client)).isEmpty();
    assertThat(stream.open("", new byte[0])).isEmpty();
  }

  private EventClient open(String lastEventId) {
    return stream.open(lastEventId, "greeting".getBytes(UTF_8)).orElseThrow();
  }

  private List<String> cards(EventClient client) throws InterruptedException {
    List<String> frames = next(client);
    stream.leave(client);
    return frames.stream()
        .filter(frame -> frame.startsWith("event: card"))
        .map(frame -> frame.replaceAll("(?s).*\"key\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private static List<String> next(EventClient client) throws InterruptedException {
    return client.next(SOON).stream().map(frame -> new String(frame, UTF_8)).toList();
  }

  private static JsonNode card(String key) {
    return JsonNodeFactory.instance.objectNode().put("key", key);
  }
}
