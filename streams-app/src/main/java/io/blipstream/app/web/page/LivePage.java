package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.topology.ImageOutcome;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.OutcomeListener;
import io.blipstream.app.topology.Place;
import io.blipstream.app.web.StaticFiles;
import io.blipstream.app.web.WebEndpoint;
import io.blipstream.app.web.WebSettings;
import io.blipstream.schemas.ImageEvent;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.NotFoundResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live page of one instance: what passes through it, as cards and figures, and a way to send it
 * an image.
 *
 * <p>It is there before the service is, which it listens to. Whatever goes wrong here stays here:
 * the stream that is shown must not notice.
 */
public final class LivePage implements WebEndpoint, OutcomeListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);

  static final List<String> FILES =
      List.of(
          "index.html",
          "page.css",
          "main.js",
          "cards.js",
          "charts.js",
          "dom.js",
          "events.js",
          "filters.js",
          "format.js",
          "histogram.js",
          "send.js",
          "theme.js",
          "topology.js",
          "icon.svg");

  /** Texts whose scores the histogram shows; two bytes each. */
  private static final int TEXTS = 20_000;

  /** What an event adds to its image: id, text, framing. */
  private static final int ROOM_BESIDE_IMAGE = 1 << 17;

  static final long MAX_IMAGE_BYTES =
      Math.min(WebSettings.MAX_REQUEST_BYTES, TopicSpec.IMAGE_BYTES - ROOM_BESIDE_IMAGE);

  private final ServiceSettings settings;
  private final ServiceView service;
  private final String life = HexFormat.of().toHexDigits(new SecureRandom().nextInt());
  private final PictureCache pictures;
  private final ScoreWindow scores = new ScoreWindow(TEXTS);
  private final Ticker ticker = new Ticker(scores);
  private final EventStream events;
  private final CardDesk desk;
  private final Uploads uploads;
  private final EventConnections connections;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(LivePage::thread);

  /**
   * @param submission takes the images that are sent from the page; the caller closes it
   * @param service may not run yet
   */
  public LivePage(ServiceSettings settings, ImageSubmission submission, ServiceView service) {
    this(settings, submission, service, PageLimits.DEFAULT);
  }

  LivePage(
      ServiceSettings settings,
      ImageSubmission submission,
      ServiceView service,
      PageLimits limits) {
    this.settings = settings;
    this.service = service;
    this.pictures = new PictureCache(limits.pictureBytes());
    this.events = new EventStream(limits, life);
    this.desk =
        new CardDesk(
            limits,
            pictures,
            life,
            () -> events.clients() > 0,
            events::card,
            Clock.systemUTC(),
            System::nanoTime);
    this.uploads = new Uploads(submission, desk::await, MAX_IMAGE_BYTES, life);
    this.connections = new EventConnections(events, this::greeting, limits.heartbeat());
    var unused = clock.scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "page-clock");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    new StaticFiles(LivePage.class, "/", FILES).addTo(routes);
    routes.get("/page/events", connections::open);
    routes.get("/page/pictures/{key}", this::picture);
    routes.post("/page/images", uploads::take);
  }

  private void picture(Context request) {
    byte[] jpeg =
        pictures
            .get(request.pathParam("key"))
            .orElseThrow(() -> new NotFoundResponse("This picture is no longer kept."));
    request
        .contentType("image/jpeg")
        .header(Header.CACHE_CONTROL, "private, max-age=3600, immutable")
        .result(jpeg);
  }

  @Override
  public void onImage(Place place, ImageEvent event, byte[] encoded, Instant sent, long since) {
    try {
      desk.arrived(place, event, encoded, sent, since);
    } catch (RuntimeException e) {
      LOG.warn("The page cannot take {}", place, e);
    }
  }

  @Override
  public void onOutcome(ImageOutcome outcome) {
    try {
      if (outcome instanceof Judged judged) {
        judged.texts().forEach(verdict -> scores.add(verdict.score()));
      }
      desk.outcome(outcome);
    } catch (RuntimeException e) {
      LOG.warn("The page cannot show {}", outcome.place(), e);
    }
  }

  private void tick() {
    try {
      ObjectNode tick = ticker.tick(service, System.currentTimeMillis());
      ObjectNode page = tick.putObject("page");
      page.put("viewers", events.clients());
      page.put("cards", events.cards());
      page.put("lost", events.lost());
      page.put("droppedCards", desk.droppedCards());
      page.put("droppedPictures", desk.droppedPictures());
      events.tick(tick);
    } catch (RuntimeException e) {
      LOG.warn("The page has no figures for this second", e);
    }
  }

  /** What a page must know to begin. */
  private byte[] greeting() {
    ObjectNode hello = JsonNodeFactory.instance.objectNode();
    hello.put("life", life);
    hello.put("threshold", settings.threshold());
    hello.put("applicationId", settings.applicationId());
    hello.put("windowRecords", settings.windowRecords());
    hello.put("maxImageBytes", MAX_IMAGE_BYTES);
    hello.put("maxTextChars", Uploads.MAX_TEXT_CHARS);
    ObjectNode topics = hello.putObject("topics");
    topics.put("images", settings.topics().images());
    topics.put("captions", settings.topics().captions());
    topics.put("confidences", settings.topics().itmConfidence());
    topics.put("rejects", settings.topics().rejects());
    hello.set("series", ticker.series());
    return EventStream.frame("hello", "", hello);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    events.close();
    desk.close();
    uploads.close();
  }
}
