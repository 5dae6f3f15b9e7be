package io.blipstream.app.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.UnreadableImageException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Images are decoded on threads of their own, so that neither decoding nor the device waits. */
class DecodingApartTest {

  private static final String SLOW = "IMG slow";

  @Test
  void shouldJudgeOthersWhileALargeImageIsDecoded() throws Exception {
    GatedCapFilt model = new GatedCapFilt(new CountDownLatch(1), new CountDownLatch(0));
    try (StreamFixture stream = stream(model)) {
      stream.send(StreamFixture.event("slow", SLOW));
      stream.send(StreamFixture.event("quick", "IMG"));
      assertThat(model.judged.tryAcquire(60, TimeUnit.SECONDS)).as("only the quick one").isTrue();
      model.decoding.countDown();
      assertThat(stream.results().confidences())
          .extracting(TestRecord::key)
          .containsExactly("slow", "quick");
    }
  }

  @Test
  void shouldDecodeTheNextImagesWhileTheDeviceIsBusy() throws Exception {
    GatedCapFilt model = new GatedCapFilt(new CountDownLatch(0), new CountDownLatch(1));
    try (StreamFixture stream = stream(model)) {
      for (int i = 0; i < 6; i++) {
        stream.send(StreamFixture.event("image " + i, "IMG"));
      }
      assertThat(model.decoded.tryAcquire(6, 60, TimeUnit.SECONDS)).isTrue();
      model.judging.countDown();
      assertThat(stream.results().confidences()).hasSize(6);
    }
  }

  private static StreamFixture stream(CapFilt model) {
    return new StreamFixture(
        Map.of(),
        uri -> {
          throw new IllegalStateException("No link was expected");
        },
        model);
  }

  /** Holds slow images back while they are decoded, and all of them while they are judged. */
  private static final class GatedCapFilt extends ScriptedCapFilt {

    private final CountDownLatch decoding;
    private final CountDownLatch judging;
    private final Semaphore decoded = new Semaphore(0);
    private final Semaphore judged = new Semaphore(0);

    GatedCapFilt(CountDownLatch decoding, CountDownLatch judging) {
      this.decoding = decoding;
      this.judging = judging;
    }

    @Override
    public PreparedImage prepare(byte[] encoded) throws UnreadableImageException {
      if (new String(encoded, UTF_8).equals(SLOW)) {
        await(decoding);
      }
      PreparedImage image = super.prepare(encoded);
      decoded.release();
      return image;
    }

    @Override
    public List<Judgement> judge(List<CapFiltInput> batch) {
      await(judging);
      List<Judgement> judgements = super.judge(batch);
      judged.release(batch.size());
      return judgements;
    }

    private static void await(CountDownLatch gate) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
