package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Server-sent events to all open pages: cards, which are numbered and kept for those who come back,
 * and ticks, of which only the latest is worth anything.
 *
 * <p>An event's id is {@code life.number}. Who comes back with the id of another life of the
 * process, or of a card that is forgotten, gets all that is kept.
 */
final class EventStream implements AutoCloseable {

  /** A card as it was sent; its bytes are not changed. */
  private static final class Card {
    final long number;
    final byte[] frame;

    Card(long number, byte[] frame) {
      this.number = number;
      this.frame = frame;
    }
  }

  private final PageLimits limits;
  private final String life;
  private final Deque<Card> history = new ArrayDeque<>();
  private final List<EventClient> clients = new ArrayList<>();
  private Optional<byte[]> tick = Optional.empty();
  private long number;
  private long lost;
  private boolean closed;

  EventStream(PageLimits limits, String life) {
    this.limits = limits;
    this.life = life;
  }

  /**
   * Takes a client in.
   *
   * @param lastEventId what the browser saw last; blank if it is new
   * @param greeting the frame it gets first
   * @return empty if there are as many as there may be
   */
  synchronized Optional<EventClient> open(String lastEventId, byte[] greeting) {
    if (closed || clients.size() >= limits.clients()) {
      return Optional.empty();
    }
    EventClient client = new EventClient(limits.historyCards(), limits.clientCards(), greeting);
    long seen = number(lastEventId);
    history.stream().filter(card -> card.number > seen).forEach(card -> client.card(card.frame));
    tick.ifPresent(client::tick);
    clients.add(client);
    return Optional.of(client);
  }

  synchronized void leave(EventClient client) {
    if (clients.remove(client)) {
      lost += client.lost();
    }
    client.close();
  }

  synchronized void card(JsonNode card) {
    number++;
    byte[] frame = frame("card", life + "." + number, card);
    history.addLast(new Card(number, frame));
    if (history.size() > limits.historyCards()) {
      history.removeFirst();
    }
    clients.forEach(client -> client.card(frame));
  }

  synchronized void tick(JsonNode values) {
    byte[] frame = frame("tick", "", values);
    tick = Optional.of(frame);
    clients.forEach(client -> client.tick(frame));
  }

  synchronized int clients() {
    return clients.size();
  }

  synchronized long cards() {
    return number;
  }

  /** Cards that slow clients never got. */
  synchronized long lost() {
    return lost + clients.stream().mapToLong(EventClient::lost).sum();
  }

  /** Ends all connections. */
  @Override
  public synchronized void close() {
    closed = true;
    clients.forEach(EventClient::close);
  }

  private long number(String eventId) {
    if (!eventId.startsWith(life + ".")) {
      return 0;
    }
    try {
      long seen = Long.parseLong(eventId.substring(life.length() + 1));
      return seen <= number ? seen : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** JSON has no line breaks of its own, so one data line holds it. */
  static byte[] frame(String event, String id, JsonNode data) {
    String idLine = id.isEmpty() ? "" : "id: " + id + "\n";
    return ("event: " + event + "\n" + idLine + "data: " + data + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
