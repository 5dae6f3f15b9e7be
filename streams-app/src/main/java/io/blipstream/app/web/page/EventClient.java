package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What waits for one open page. A slow one loses its oldest cards, and is told how many; it never
 * makes anyone wait and never holds more than its bound.
 */
final class EventClient {

  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final int firstCards;
  private final int cardsLater;
  private final byte[] greeting;
  private final Deque<byte[]> cards = new ArrayDeque<>();
  private Optional<byte[]> tick = Optional.empty();
  private boolean greeted;
  private boolean closed;
  private long lost;
  private long lostAndTold;

  /**
   * @param firstCards that may wait until it first reads: the history
   * @param cardsLater that may wait from then on
   */
  EventClient(int firstCards, int cardsLater, byte[] greeting) {
    this.firstCards = firstCards;
    this.cardsLater = cardsLater;
    this.greeting = greeting;
  }

  synchronized void card(byte[] frame) {
    cards.addLast(frame);
    while (cards.size() > (greeted ? cardsLater : firstCards)) {
      cards.removeFirst();
      lost++;
    }
    notifyAll();
  }

  synchronized void tick(byte[] frame) {
    tick = Optional.of(frame);
    notifyAll();
  }

  /**
   * Waits for something to send.
   *
   * @param silence after so long there is a heartbeat
   * @return frames in order; none if the connection is to end
   */
  synchronized List<byte[]> next(Duration silence) throws InterruptedException {
    long deadline = System.nanoTime() + silence.toNanos();
    while (greeted && !closed && cards.isEmpty() && tick.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return List.of(HEARTBEAT);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    if (closed) {
      return List.of();
    }
    List<byte[]> frames = new ArrayList<>();
    if (!greeted) {
      frames.add(greeting);
      greeted = true;
    }
    if (lost > lostAndTold) {
      frames.add(
          EventStream.frame("lost", "", JsonNodeFactory.instance.numberNode(lost - lostAndTold)));
      lostAndTold = lost;
    }
    frames.addAll(cards);
    cards.clear();
    tick.ifPresent(frames::add);
    tick = Optional.empty();
    return frames;
  }

  synchronized long lost() {
    return lost;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
