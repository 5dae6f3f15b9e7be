package io.blipstream.app.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.blipstream.schemas.ImageEvent;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An outage is told of in a few lines, however many images it keeps waiting. */
class OutageLogTest {

  private final RuntimeException away =
      new UncheckedIOException(new ConnectException("Nobody answers"));

  private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Appender<ILoggingEvent> listener =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          said.add(line.getLevel() + " " + line.getFormattedMessage());
        }
      };
  private long seconds;
  private final OutageLog log = new OutageLog(() -> Duration.ofSeconds(seconds).toNanos());

  @BeforeEach
  void listen() {
    listener.start();
    logger.addAppender(listener);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(listener);
  }

  @Test
  void shouldSayWhenImagesBeginToWaitThenNowAndThenHowManyAndWhenNoneDoes() {
    int images = 500;
    for (seconds = 0; seconds < 70; seconds += 10) {
      for (int i = 0; i < images; i++) {
        log.waits("image " + i, away);
      }
    }
    for (int i = 0; i < images; i++) {
      log.ended("image " + i);
    }
    String why = away.getMessage();
    assertThat(said)
        .containsExactly(
            "WARN Images wait, and are tried again, until this is over: " + why,
            "WARN 500 images wait, the first for 30 s: " + why,
            "WARN 500 images wait, the first for 60 s: " + why,
            "INFO No image waits any more after 70 s");
  }

  @Test
  void shouldSayNothingOfImagesThatNeverWait() {
    log.ended("one");
    log.waits("other", away);
    log.ended("one");
    log.ended("other");
    log.ended("other");
    assertThat(said).hasSize(2);
  }

  @Test
  void shouldTellOfTheNextOutageAnew() {
    log.waits("one", away);
    log.ended("one");
    seconds = 100;
    log.waits("other", away);
    seconds = 107;
    log.ended("other");
    assertThat(said).hasSize(4).last().isEqualTo("INFO No image waits any more after 7 s");
  }

  /** The stage: nobody's failed attempt is forgotten, and each that waited comes to an end. */
  @Test
  void shouldTellOnceOfAllTheImagesOfAStream() throws Exception {
    int images = 20;
    Set<String> failed = ConcurrentHashMap.newKeySet();
    try (var stream =
        new StreamFixture(
            Map.of(),
            uri -> {
              failed.add(uri);
              if (failed.size() < images) {
                throw away;
              }
              return "IMG".getBytes(StandardCharsets.UTF_8);
            })) {
      for (int i = 0; i < images; i++) {
        stream.send(ImageEvent.newBuilder().setId("a" + i).setUri("http://a/" + i + ".png"));
      }
      assertThat(stream.results().confidences()).hasSize(images);
      assertThat(linesUntilItIsOver())
          .as("not one an image")
          .hasSizeLessThan(images)
          .first()
          .asString()
          .startsWith("WARN Images wait");
    }
    assertThat(said).isEmpty();
  }

  /** The last image may be written before its attempt has said that it has ended. */
  private List<String> linesUntilItIsOver() throws InterruptedException {
    List<String> lines = new ArrayList<>();
    do {
      lines.add(Objects.requireNonNull(said.poll(60, TimeUnit.SECONDS), lines::toString));
    } while (!lines.get(lines.size() - 1).startsWith("INFO No image waits any more"));
    return lines;
  }
}
