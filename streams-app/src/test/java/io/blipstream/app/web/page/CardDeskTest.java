package io.blipstream.app.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.topology.ImageOutcome;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Rejected;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.app.topology.Place;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.RejectStage;
import java.awt.Color;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CardDeskTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final PageLimits limits =
      new PageLimits(3, 1, 5, 3, 2, 64, 1 << 20, 2, 10_000, Duration.ofSeconds(10));
  private final LinkedBlockingQueue<ObjectNode> shown = new LinkedBlockingQueue<>();
  private final PictureCache pictures = new PictureCache(1 << 20);
  private final AtomicLong nanos = new AtomicLong();
  private CardDesk desk = desk(true, shown::add);

  private CardDesk desk(boolean watched, Consumer<ObjectNode> to) {
    return new CardDesk(
        limits, pictures, "life", () -> watched, to, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldShowAnImageWithItsPictureScoresAndTimes() throws Exception {
    desk.arrived(place(4), event("a"), image(), NOW.minusMillis(1500), nanos.get());
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(80));
    desk.outcome(judged(4, "a", "a cat", "free shipping"));
    ObjectNode card = next();
    assertThat(card.get("key").asText()).isEqualTo("life-0-4");
    assertThat(card.get("imageId").asText()).isEqualTo("a");
    assertThat(card.get("at").asLong()).isEqualTo(NOW.toEpochMilli());
    assertThat(card.get("serviceMs").asDouble()).isEqualTo(80.0);
    assertThat(card.get("ageMs").asLong()).isEqualTo(1500);
    assertThat(card.get("pictured").asBoolean()).isTrue();
    assertThat(pictures.get("life-0-4")).isPresent();
    assertThat(card.get("texts")).hasSize(2);
    assertThat(card.get("texts").get(1).get("text").asText()).isEqualTo("free shipping");
    assertThat(card.get("texts").get(1).get("source").asText()).isEqualTo("WEB");
    assertThat(card.get("texts").get(1).get("accepted").asBoolean()).isFalse();
    assertThat(card.get("texts").get(1).get("reason").asText()).isEqualTo("TEXT_NOT_MATCHED");
  }

  @Test
  void shouldShowAsManyAsThePaceAllows() throws Exception {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    for (int i = 0; i < 50; i++) {
      desk.arrived(place(i), event("image" + i), image(), NOW, nanos.get());
      desk.outcome(judged(i, "image" + i, "a cat"));
    }
    assertThat(next().get("imageId").asText()).isEqualTo("image0");
    next();
    next();
    assertThat(shown.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void shouldShowFewerWhileNobodyLooks() throws Exception {
    desk.close();
    desk = desk(false, shown::add);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    for (int i = 0; i < 50; i++) {
      desk.arrived(place(i), event("image" + i), image(), NOW, nanos.get());
      desk.outcome(judged(i, "image" + i, "a cat"));
    }
    next();
    assertThat(shown.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void shouldShowAnAwaitedImageWhateverThePace() throws Exception {
    desk.arrived(place(1), event("first"), image(), NOW, nanos.get());
    desk.arrived(place(2), event("passes by"), image(), NOW, nanos.get());
    desk.await("mine");
    desk.await("mine, and no image");
    desk.arrived(place(3), event("mine"), image(), NOW, nanos.get());
    desk.outcome(judged(2, "passes by", "a cat"));
    desk.outcome(judged(3, "mine", "a cat"));
    desk.outcome(rejected(4, "another's, and no image"));
    desk.outcome(rejected(5, "another's, and no image, either"));
    desk.outcome(rejected(6, "mine, and no image"));
    assertThat(next().get("imageId").asText()).isEqualTo("mine");
    assertThat(next().get("imageId").asText()).isEqualTo("another's, and no image");
    ObjectNode reject = next();
    assertThat(reject.get("imageId").asText()).isEqualTo("mine, and no image");
    assertThat(reject.get("reject").get("reason").asText()).isEqualTo("NOT_AN_IMAGE");
    assertThat(reject.get("pictured").asBoolean()).isFalse();
    assertThat(shown.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void shouldDropWorkInsteadOfMakingTheStreamWait() throws Exception {
    desk.close();
    CountDownLatch stuck = new CountDownLatch(1);
    desk =
        desk(
            true,
            card -> {
              try {
                stuck.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              shown.add(card);
            });
    for (int i = 0; i < 2000; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      desk.arrived(place(i), event("image" + i), image(), NOW, nanos.get());
      desk.outcome(judged(i, "image" + i, "a cat"));
    }
    assertThat(desk.droppedPictures()).isGreaterThanOrEqualTo(2000 - 4);
    assertThat(desk.droppedCards()).isBetween(1700L, 1800L);
    stuck.countDown();
    next();
  }

  @Test
  void shouldHoldNoMoreEncodedBytesThanItMay() throws Exception {
    byte[] large = new byte[10_001];
    desk.arrived(place(1), event("large"), large, NOW, nanos.get());
    assertThat(desk.droppedPictures()).isEqualTo(1);
    desk.outcome(judged(1, "large", "a cat"));
    assertThat(next().get("pictured").asBoolean()).isFalse();
  }

  @Test
  void shouldGoOnAfterAnImageThatCannotBeDrawn() throws Exception {
    desk.arrived(place(1), event("broken"), new byte[] {1, 2, 3}, NOW, nanos.get());
    desk.outcome(rejected(1, "broken"));
    assertThat(next().get("pictured").asBoolean()).isFalse();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    desk.arrived(place(2), event("sound"), image(), NOW, nanos.get());
    desk.outcome(judged(2, "sound", "a cat"));
    assertThat(next().get("pictured").asBoolean()).isTrue();
  }

  @Test
  void shouldCutLongTexts() throws Exception {
    desk.arrived(place(1), event("a"), image(), NOW, nanos.get());
    desk.outcome(judged(1, "a", "x".repeat(399) + "\uD83D\uDE00" + "y".repeat(100_000)));
    String text = next().get("texts").get(0).get("text").asText();
    assertThat(text).isEqualTo("x".repeat(399) + "…");
  }

  private ObjectNode next() throws InterruptedException {
    ObjectNode card = shown.poll(60, TimeUnit.SECONDS);
    assertThat(card).as("a card").isNotNull();
    return card;
  }

  private static Place place(long offset) {
    return new Place("images", 0, offset);
  }

  private static byte[] image() throws IOException {
    return PictureTest.png(20, 20, Color.RED);
  }

  private static ImageEvent event(String id) {
    return ImageEvent.newBuilder().setId(id).setAttributes(Map.of()).build();
  }

  /** The first text is kept, the others are web texts that are not. */
  private static ImageOutcome judged(long offset, String id, String... texts) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      TextSource source = i == 0 ? TextSource.SYNTHETIC : TextSource.WEB;
      Optional<Refusal> refusal =
          i == 0
              ? Optional.empty()
              : Optional.of(new Refusal(RejectStage.FILTER, "TEXT_NOT_MATCHED", "It does not."));
      verdicts.add(new Verdict(new TextScore(texts[i], source, i == 0 ? 0.9f : 0.1f, 0), refusal));
    }
    return new Judged(place(offset), id, verdicts);
  }

  private static ImageOutcome rejected(long offset, String id) {
    return new Rejected(
        place(offset),
        Optional.of(id),
        new Refusal(RejectStage.DECODE, "NOT_AN_IMAGE", "This is no image."));
  }
}
