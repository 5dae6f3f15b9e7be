package io.blipstream.model.engine.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.InferenceException;
import io.blipstream.model.Judgement;
import io.blipstream.model.OutOfDeviceMemoryException;
import io.blipstream.model.PreparedImage;
import io.blipstream.model.TextScore;
import io.blipstream.model.UnreadableImageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulatedCapFiltTest {

  private static final Duration NONE = Duration.ZERO;
  private static final int IMAGES = 2000;

  @Test
  void shouldSayTheSameOfAnImageInWhateverBatchAndProcess() throws Exception {
    SimulatedAnswers answers = new SimulatedAnswers(7, 0);
    List<Judgement> together = judge(engine(answers, 0), ids());
    CapFilt another = engine(answers, 0);
    for (int i : new int[] {3, 1, 1999}) {
      assertThat(judge(another, List.of("image-" + i))).containsExactly(together.get(i));
    }
    assertThat(judge(engine(new SimulatedAnswers(8, 0), 0), ids())).isNotEqualTo(together);
  }

  @Test
  void shouldScoreUniformlySoThatEveryThresholdKeepsItsShare() throws Exception {
    List<TextScore> scores =
        judge(engine(new SimulatedAnswers(1, 0), 0), ids()).stream()
            .flatMap(judgement -> judgement.scores().stream())
            .toList();
    assertThat(scores).hasSize(2 * IMAGES);
    for (double threshold : new double[] {0.1, 0.5, 0.8}) {
      double kept = scores.stream().filter(score -> score.accepted(threshold)).count();
      assertThat(kept / scores.size()).isBetween(0.96 - threshold, 1.04 - threshold);
    }
    assertThat(scores).allMatch(score -> Math.abs(score.itcSimilarity()) <= 1);
  }

  @Test
  void shouldFailOnTheSameImagesAloneAndInABatch() throws Exception {
    SimulatedAnswers answers = new SimulatedAnswers(3, 0.1);
    CapFilt engine = engine(answers, 0);
    List<String> failing = ids().stream().filter(answers::failsOn).toList();
    assertThat(failing).hasSizeBetween(IMAGES / 20, IMAGES * 3 / 20);
    String bad = failing.get(0);
    for (List<String> batch : List.of(List.of(bad), List.of("image-fine", bad))) {
      assertThatThrownBy(() -> judge(engine, batch))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining(bad);
    }
    List<String> fine = ids().stream().filter(id -> !answers.failsOn(id)).toList();
    assertThat(judge(engine, fine)).hasSize(IMAGES - failing.size());
  }

  @Test
  void shouldRunOutOfMemoryAboveTheStatedBatchOnly() throws Exception {
    CapFilt engine =
        new SimulatedCapFilt(
            new SimulatedSettings(new SimulatedAnswers(1, 0), NONE, NONE, 4, 0, NONE, 0));
    assertThat(judge(engine, ids().subList(0, 4))).hasSize(4);
    assertThatThrownBy(() -> judge(engine, ids().subList(0, 5)))
        .isInstanceOf(OutOfDeviceMemoryException.class);
  }

  @Test
  void shouldTakeAtLeastTheStatedTime() throws Exception {
    CapFilt engine =
        new SimulatedCapFilt(
            new SimulatedSettings(
                new SimulatedAnswers(1, 0),
                Duration.ofMillis(20),
                Duration.ofMillis(2),
                0,
                1,
                Duration.ofMillis(30),
                0));
    long start = System.nanoTime();
    judge(engine, ids().subList(0, 10));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(70_000_000L);
  }

  @Test
  void shouldLeaveAHangWhenInterrupted() throws Exception {
    CapFilt engine =
        new SimulatedCapFilt(
            new SimulatedSettings(
                new SimulatedAnswers(1, 0), NONE, NONE, 0, 1, Duration.ofHours(1), 0));
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread device =
        new Thread(() -> end.complete(catchThrowable(() -> judge(engine, List.of("a")))));
    device.start();
    device.interrupt();
    assertThat(end.get()).isInstanceOf(InferenceException.class);
  }

  @Test
  void shouldDecodeLikeARealModelUnlessAskedNotTo() throws Exception {
    CapFilt decoding = engine(new SimulatedAnswers(1, 0), 32);
    assertThat(decoding.prepare(png()).sizeInBytes()).isEqualTo(32 * 32 * 3);
    assertThatThrownBy(() -> decoding.prepare("no image".getBytes(UTF_8)))
        .isInstanceOf(UnreadableImageException.class);
    assertThat(engine(new SimulatedAnswers(1, 0), 0).prepare(new byte[] {1})).isNotNull();
  }

  private static CapFilt engine(SimulatedAnswers answers, int imageSide) {
    return new SimulatedCapFilt(new SimulatedSettings(answers, NONE, NONE, 0, 0, NONE, imageSide));
  }

  private static List<String> ids() {
    return IntStream.range(0, IMAGES).mapToObj(i -> "image-" + i).toList();
  }

  private static List<Judgement> judge(CapFilt engine, List<String> ids)
      throws UnreadableImageException {
    PreparedImage image = engine.prepare(new byte[] {1});
    return engine.judge(
        ids.stream().map(id -> new CapFiltInput(id, image, List.of("text of " + id))).toList());
  }

  private static byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(5, 7, BufferedImage.TYPE_INT_RGB), "png", bytes);
    return bytes.toByteArray();
  }
}
