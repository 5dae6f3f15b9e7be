package io.blipstream.app.topology;

import static io.blipstream.app.topology.StreamFixture.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links of one partition: a host that hangs in front, a good one behind it. */
@Timeout(180)
class FetchLinesTest {

  private static final int THREADS = 4;
  private static final int IMAGES = 12;

  private final CountDownLatch hostIsBack = new CountDownLatch(1);
  private final CountDownLatch hanging = new CountDownLatch(THREADS / 2);
  private final CountDownLatch good = new CountDownLatch(IMAGES);

  @Test
  void shouldFetchFromAGoodHostWhileAnotherHangs() throws Exception {
    try (var stream = stream(THREADS / 2)) {
      send(stream);
      assertThat(good.await(60, TimeUnit.SECONDS)).as("all good links are read").isTrue();
      assertThat(stream.counts().images()).as("in order: all wait for the first").isZero();
      hostIsBack.countDown();
      assertThat(stream.results().confidences()).hasSize(2 * IMAGES);
    }
  }

  /** Negative control: when a host may take all threads, the good one waits. */
  @Test
  void shouldStarveAGoodHostWithoutALineForEach() throws Exception {
    try (var stream = stream(THREADS)) {
      send(stream);
      assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(good.await(500, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(good.getCount()).isEqualTo(IMAGES);
      hostIsBack.countDown();
      assertThat(stream.results().confidences()).hasSize(2 * IMAGES);
    }
  }

  private StreamFixture stream(int perHost) {
    return new StreamFixture(
        Map.of(
            "fetch.threads",
            THREADS,
            "fetch.per.host",
            perHost,
            "fetch.timeout.ms",
            Duration.ofMinutes(3).toMillis(),
            "window.records",
            2 * IMAGES),
        this::fetch);
  }

  private void send(StreamFixture stream) {
    for (int i = 0; i < IMAGES; i++) {
      stream.send(event("h" + i, "").setContent(null).setUri("http://hangs.test/" + i));
    }
    for (int i = 0; i < IMAGES; i++) {
      stream.send(event("g" + i, "").setContent(null).setUri("http://Good.test:80/" + i));
    }
  }

  private byte[] fetch(String uri) {
    if (uri.contains("hangs")) {
      hanging.countDown();
      try {
        hostIsBack.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else {
      good.countDown();
    }
    return "IMG synthetic=0.9".getBytes(UTF_8);
  }
}
