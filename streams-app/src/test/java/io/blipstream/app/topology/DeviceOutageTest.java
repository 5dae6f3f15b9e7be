package io.blipstream.app.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.app.TestCluster;
import io.blipstream.app.batching.DeviceHealth.State;
import io.blipstream.app.config.ServiceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A model that hangs or dies under a running service, with images in flight. */
@Tag("slow")
@Timeout(600)
class DeviceOutageTest {

  private static final int IMAGES = 120;
  private static final int BEFORE = 20;

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  private final SwitchedCapFilt model = new SwitchedCapFilt();
  private final AtomicInteger told = new AtomicInteger();

  private void prepare(String name) throws Exception {
    cluster.createTopics(name, 2, "images", "captions", "confidences", "rejects");
    OutputRecords.sendImages(
        cluster.bootstrapServers(),
        cluster.registryUrl(),
        name + "-images",
        Collections.nCopies(IMAGES, "IMG web=0.9;synthetic=0.1"));
  }

  private CapFiltService start(String name, long giveUpMillis) {
    ServiceSettings settings =
        ServiceSettings.of(
            TestCluster.serviceSettings(
                cluster.bootstrapServers(),
                name,
                folder.resolve(name),
                Map.of(
                    "batch.size", 4,
                    "transaction.timeout.ms", 5_000,
                    "device.timeout.ms", 2_000,
                    "device.give.up.ms", giveUpMillis)),
            Map.of("schema.registry.url", cluster.registryUrl()),
            // A member that failed does not say good-bye; its successor waits this long.
            Map.of("consumer.session.timeout.ms", 6_000, "consumer.heartbeat.interval.ms", 1_000));
    return CapFiltService.start(
        settings, () -> model, uri -> new byte[0], outcome -> told.incrementAndGet());
  }

  @Test
  void shouldWaitForAModelThatHangsAndGoOnWhenItReturns() throws Exception {
    prepare("hangs");
    model.becomeAfter(BEFORE, SwitchedCapFilt.Mode.HANGING);
    try (CapFiltService service = start("hangs", 600_000)) {
      await(() -> service.device().state() == State.HANGING);
      int answered = awaitStandstill("hangs");
      // Longer than twice the transaction timeout, and than the broker's look for expired ones,
      // which the embedded one has every second.
      Thread.sleep(12_000);
      assertThat(told).as("nothing is answered").hasValue(answered);
      assertThat(cluster.committed("hangs")).as("nor committed").isEqualTo(answered);
      assertThat(service.state().isRunningOrRebalancing()).isTrue();
      model.become(SwitchedCapFilt.Mode.WELL);
      await(() -> cluster.committed("hangs") == IMAGES);
      assertThat(service.device().isWorking()).isTrue();
    }
    assertThat(told).as("no image was judged again: never fenced").hasValue(IMAGES);
    assertAllJudgedOnce("hangs");
  }

  @Test
  void shouldRejectNothingWhileTheModelIsDead() throws Exception {
    prepare("dies");
    model.becomeAfter(BEFORE, SwitchedCapFilt.Mode.DEAD);
    try (CapFiltService service = start("dies", 600_000)) {
      await(() -> service.device().state() == State.FAILING);
      assertThat(service.device().detail()).contains("the device is gone");
      await(() -> cluster.committed("dies") == told.get());
      Thread.sleep(2_000);
      assertThat(told.get()).isLessThan(IMAGES);
      model.become(SwitchedCapFilt.Mode.WELL);
      await(() -> cluster.committed("dies") == IMAGES);
    }
    assertAllJudgedOnce("dies");
  }

  @Test
  void shouldGiveUpAModelThatHangsForGoodAndLeaveItsImagesToTheNext() throws Exception {
    prepare("lost");
    model.becomeAfter(BEFORE, SwitchedCapFilt.Mode.HANGING);
    CapFiltService service = start("lost", 3_000);
    await(() -> service.terminated().isDone());
    assertThat(service.terminated())
        .isCompletedExceptionally()
        .satisfies(
            terminated ->
                assertThatThrownBy(terminated::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(DeviceLostException.class)
                    .hasMessageContaining("Nothing is lost"));
    long start = System.nanoTime();
    assertThat(service.close(Duration.ofSeconds(200))).as("the model never came to rest").isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("a hanging model is not waited for")
        .isLessThan(Duration.ofSeconds(90));
    assertThat(cluster.committed("lost")).isEqualTo(told.get()).isLessThan(IMAGES);

    SwitchedCapFilt hung = model;
    try (CapFiltService next = restart("lost")) {
      await(() -> cluster.committed("lost") == IMAGES);
      assertThat(next.device().isWorking()).isTrue();
    }
    hung.become(SwitchedCapFilt.Mode.WELL);
    assertAllJudgedOnce("lost");
  }

  private static CapFiltService restart(String name) {
    return new DeviceOutageTest().start(name, 600_000);
  }

  private static void assertAllJudgedOnce(String name) {
    OutputRecords outputs =
        OutputRecords.read(cluster.bootstrapServers(), cluster.registryUrl(), name);
    assertThat(outputs.confidences()).as("judged, not rejected").hasSize(IMAGES);
    assertThat(outputs.imageOutcomes())
        .extracting(OutputRecords.Seen::imageId)
        .hasSize(IMAGES)
        .doesNotHaveDuplicates();
    List<OutputRecords.Seen> outcomes = outputs.imageOutcomes();
    for (int partition : List.of(0, 1)) {
      assertThat(outcomes.stream().filter(o -> o.inputPartition() == partition))
          .extracting(OutputRecords.Seen::inputOffset)
          .isSorted();
    }
  }

  /** What is answered by the time that nothing moves any more, and all of it is committed. */
  private int awaitStandstill(String name) throws InterruptedException {
    int before;
    do {
      before = told.get();
      Thread.sleep(1_500);
    } while (told.get() != before || cluster.committed(name) != before);
    return before;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
      Thread.sleep(200);
    }
  }
}
