package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.topology.ImageOutcome;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Rejected;
import io.blipstream.app.topology.Place;
import io.blipstream.model.UnreadableImageException;
import io.blipstream.schemas.ImageEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes cards of some of the images that pass by.
 *
 * <p>What must hold, since stream and decode threads call in:
 *
 * <ol>
 *   <li>A call does little and never waits: which images are shown is decided on arrival, by a
 *       pace; their pictures are drawn on a thread of the desk's own, which takes at most a fifth
 *       of a core.
 *   <li>All that is kept is bounded: arrivals, waiting work, encoded bytes that wait. What finds no
 *       room is dropped and counted, first the picture, then the card.
 *   <li>A picture is drawn before its card is shown: they go through one queue, first in, first
 *       out.
 * </ol>
 */
final class CardDesk implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CardDesk.class);

  private static final int MOST_ARRIVALS = 4096;
  private static final int MOST_AWAITED = 256;
  private static final int MOST_TASKS = 256;

  /** After a picture the thread rests this many times as long as drawing it took. */
  private static final int REST = 4;

  private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /**
   * An image that will be shown when its outcome is known.
   *
   * @param nanos when its record was read, by {@link System#nanoTime}
   * @param sent the timestamp of its record
   */
  record Arrival(long nanos, Instant sent, Optional<String> link) {}

  private sealed interface Task {}

  private record Draw(String key, Encoded image) implements Task {}

  private record Show(ObjectNode card) implements Task {}

  private static final class Encoded {
    final byte[] bytes;

    Encoded(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final PageLimits limits;
  private final PictureCache pictures;
  private final Consumer<ObjectNode> shown;
  private final Clock clock;
  private final LongSupplier nanos;
  private final String life;
  private final Pace images;
  private final Pace unread;
  private final Map<Place, Arrival> arrivals = new LinkedHashMap<>();
  private final Set<String> awaited = new LinkedHashSet<>();
  private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>(MOST_TASKS);
  private final AtomicInteger picturesWaiting = new AtomicInteger();
  private final AtomicLong bytesWaiting = new AtomicLong();
  private final LongAdder droppedPictures = new LongAdder();
  private final LongAdder droppedCards = new LongAdder();
  private final Thread thread = new Thread(this::work, "page-cards");

  /**
   * @param life a name for this life of the process, in every key: offsets alone may come again
   * @param watched whether anyone looks
   * @param shown takes each card, on the desk's thread
   */
  CardDesk(
      PageLimits limits,
      PictureCache pictures,
      String life,
      BooleanSupplier watched,
      Consumer<ObjectNode> shown,
      Clock clock,
      LongSupplier nanos) {
    this.limits = limits;
    this.pictures = pictures;
    this.life = life;
    this.shown = shown;
    this.clock = clock;
    this.nanos = nanos;
    this.images =
        new Pace(
            () -> watched.getAsBoolean() ? limits.cardsPerSecond() : limits.idleCardsPerSecond(),
            nanos);
    this.unread = new Pace(limits::idleCardsPerSecond, nanos);
    thread.setDaemon(true);
    thread.start();
  }

  /** Sees to it that an image which is about to be sent has a card, whatever the pace. */
  void await(String imageId) {
    synchronized (awaited) {
      awaited.add(imageId);
      removeOldest(awaited.iterator(), awaited.size(), MOST_AWAITED);
    }
  }

  /** The bytes of an image are there; called on a decode thread. */
  void arrived(Place place, ImageEvent event, byte[] encoded, Instant sent, long since) {
    if (!isAwaited(event.getId()) && !images.allows()) {
      return;
    }
    Arrival arrival = new Arrival(since, sent, Optional.ofNullable(event.getUri()));
    synchronized (arrivals) {
      arrivals.put(place, arrival);
      // Of a task that has moved to another instance, outcomes do not come.
      removeOldest(arrivals.keySet().iterator(), arrivals.size(), MOST_ARRIVALS);
    }
    draw(key(place), encoded);
  }

  private void draw(String key, byte[] encoded) {
    int pictures = picturesWaiting.incrementAndGet();
    long bytes = bytesWaiting.addAndGet(encoded.length);
    boolean room = pictures <= limits.picturesWaiting() && bytes <= limits.waitingBytes();
    if (!room || !tasks.offer(new Draw(key, new Encoded(encoded)))) {
      noLongerWaiting(encoded);
      droppedPictures.increment();
    }
  }

  /** An image has its outcome; called on a stream thread. */
  void outcome(ImageOutcome outcome) {
    Optional<Arrival> arrival;
    synchronized (arrivals) {
      arrival = Optional.ofNullable(arrivals.remove(outcome.place()));
    }
    boolean mine = imageId(outcome).map(this::isNoLongerAwaited).orElse(false);
    boolean unreadable = outcome instanceof Rejected && arrival.isEmpty();
    if (arrival.isEmpty() && !mine && !(unreadable && unread.allows())) {
      return;
    }
    ObjectNode card =
        CardJson.of(key(outcome.place()), outcome, arrival, clock.instant(), nanos.getAsLong());
    if (!tasks.offer(new Show(card))) {
      droppedCards.increment();
    }
  }

  private void noLongerWaiting(byte[] encoded) {
    picturesWaiting.decrementAndGet();
    bytesWaiting.addAndGet(-encoded.length);
  }

  private boolean isAwaited(String imageId) {
    synchronized (awaited) {
      return awaited.contains(imageId);
    }
  }

  private boolean isNoLongerAwaited(String imageId) {
    synchronized (awaited) {
      return awaited.remove(imageId);
    }
  }

  private static Optional<String> imageId(ImageOutcome outcome) {
    return outcome instanceof Judged judged
        ? Optional.of(judged.imageId())
        : ((Rejected) outcome).imageId();
  }

  private String key(Place place) {
    return life + "-" + place.partition() + "-" + place.offset();
  }

  private static void removeOldest(Iterator<?> oldest, int size, int most) {
    for (int left = size; left > most; left--) {
      oldest.next();
      oldest.remove();
    }
  }

  long droppedPictures() {
    return droppedPictures.sum();
  }

  long droppedCards() {
    return droppedCards.sum();
  }

  private void work() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        work(tasks.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Task task) throws InterruptedException {
    try {
      if (task instanceof Draw draw) {
        draw(draw);
      } else if (task instanceof Show show) {
        String key = show.card().get("key").asText();
        show.card().put("pictured", pictures.has(key));
        shown.accept(show.card());
      }
    } catch (RuntimeException e) {
      LOG.warn("A card of the page could not be made", e);
    }
  }

  private void draw(Draw draw) throws InterruptedException {
    long start = System.nanoTime();
    try {
      pictures.put(draw.key(), Picture.of(draw.image().bytes, limits.pictureSide()));
    } catch (UnreadableImageException e) {
      LOG.debug("No picture of {}: {}", draw.key(), e.getMessage());
    } finally {
      noLongerWaiting(draw.image().bytes);
    }
    long rest = Math.min(LONGEST_REST_NANOS, REST * (System.nanoTime() - start));
    TimeUnit.NANOSECONDS.sleep(rest);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
