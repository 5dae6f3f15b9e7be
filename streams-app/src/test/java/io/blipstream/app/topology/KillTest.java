package io.blipstream.app.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.schemas.Coordinates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise itself, against a real broker: the service is killed with images in flight, and every
 * image still has its outcome once, in order. The negative control does the same without held
 * offsets and must lose images; if it did not, the test above would prove nothing.
 *
 * <p>A killed member keeps its partitions until its session times out, so each restart waits that
 * long: kills closer together would hide what they should show.
 */
@Tag("slow")
@Timeout(600)
class KillTest {

  private static final int PARTITIONS = 3;
  private static final int IMAGES = 420;
  private static final int BEFORE_HANGING = 100;

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  @Test
  void shouldLoseNothingAndRepeatNothingWhenKilled() throws Exception {
    KilledStream stream = prepare("held", true);
    try (ServiceProcess first = stream.start(BEFORE_HANGING)) {
      stream.await("the model hangs", stream::modelHangs, first);
      stream.await(
          "what is answered is committed, and no more",
          () -> stream.committedOffsets() == stream.outcomes().size(),
          first);
      first.kill();
    }
    int answered = stream.outcomes().size();
    assertThat(answered).isBetween(1, IMAGES - 1);
    assertThat(stream.committedOffsets()).isEqualTo(answered);
    try (ServiceProcess second = stream.start(Integer.MAX_VALUE)) {
      stream.awaitOutcomes(answered + 50, second);
      second.kill();
    }
    try (ServiceProcess third = stream.start(Integer.MAX_VALUE)) {
      stream.awaitOutcomes(IMAGES, third);
      stream.await("all is committed", () -> stream.committedOffsets() == IMAGES, third);
    }

    List<OutputRecords.Seen> outcomes = stream.outcomes();
    assertThat(outcomes).extracting(OutputRecords.Seen::imageId).doesNotHaveDuplicates();
    assertThat(outcomes).hasSize(IMAGES);
    assertInOrder(outcomes, outcome -> outcome);
    assertConserved(stream);
  }

  @Test
  void shouldLoseImagesWithoutHeldOffsets() throws Exception {
    KilledStream stream = prepare("control", false);
    try (ServiceProcess first = stream.start(BEFORE_HANGING)) {
      stream.await("the model hangs", stream::modelHangs, first);
      stream.await(
          "commits pass what is in flight",
          () -> stream.committedOffsets() > stream.outcomes().size() + ServiceProcess.BATCH,
          first);
      first.kill();
    }
    try (ServiceProcess second = stream.start(Integer.MAX_VALUE)) {
      stream.await("all is committed", () -> stream.committedOffsets() == IMAGES, second);
    }
    assertThat(stream.outcomes().size())
        .as("without held offsets a kill must lose images")
        .isLessThan(IMAGES);
  }

  private KilledStream prepare(String name, boolean holdsOffsets) throws Exception {
    cluster.createTopics(name, PARTITIONS, "images", "captions", "confidences", "rejects");
    KilledStream stream =
        new KilledStream(
            new ServiceProcess.Plan(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                name,
                folder.resolve(name),
                holdsOffsets,
                Integer.MAX_VALUE),
            folder.resolve(name + ".log"));
    stream.send();
    return stream;
  }

  /** One text a judged image at least; every text has one record; nothing without an input. */
  private static void assertConserved(KilledStream stream) {
    OutputRecords outputs = stream.outputs();
    Map<String, Integer> expected = new HashMap<>();
    outputs
        .confidences()
        .forEach(c -> expected.put(c.record().getImageId(), c.record().getTexts().size()));
    Map<String, Integer> texts = new HashMap<>();
    Set<String> unique = new HashSet<>();
    outputs
        .captions()
        .forEach(
            c -> {
              texts.merge(c.record().getImageId(), 1, Integer::sum);
              assertThat(unique.add(c.record().getImageId() + c.record().getSource())).isTrue();
            });
    outputs.rejects().stream()
        .filter(r -> r.record().getText() != null)
        .forEach(
            r -> {
              texts.merge(r.record().getImageId(), 1, Integer::sum);
              assertThat(unique.add(r.record().getImageId() + r.record().getSource())).isTrue();
            });
    assertThat(texts).isEqualTo(expected);
    assertThat(outputs.captions()).isNotEmpty();
    assertThat(outputs.rejects()).anyMatch(r -> r.record().getText() == null);
    assertInOrder(outputs.captions(), c -> seen(c.partition(), c.record().getCoordinates()));
    assertInOrder(outputs.rejects(), r -> seen(r.partition(), r.record().getCoordinates()));
  }

  private static OutputRecords.Seen seen(String partition, Coordinates at) {
    return new OutputRecords.Seen("", partition, at.getPartition(), at.getOffset());
  }

  /** Within an output partition, what came of one input partition stands in the input's order. */
  private static <T> void assertInOrder(List<T> records, Function<T, OutputRecords.Seen> position) {
    Map<String, Long> last = new HashMap<>();
    for (T record : records) {
      OutputRecords.Seen seen = position.apply(record);
      String way = seen.outputPartition() + " from " + seen.inputPartition();
      Long before = last.put(way, seen.inputOffset());
      assertThat(seen.inputOffset())
          .as("offset in %s", way)
          .isGreaterThanOrEqualTo(before == null ? 0 : before);
    }
  }

  /** One stream of images with the service that is killed over it. */
  private static final class KilledStream {

    private final ServiceProcess.Plan plan;
    private final Path log;

    KilledStream(ServiceProcess.Plan plan, Path log) {
      this.plan = plan;
      this.log = log;
    }

    void send() throws Exception {
      List<String> scripts = new ArrayList<>();
      for (int i = 0; i < IMAGES; i++) {
        // Every tenth is no image; texts pass and fail on both sides.
        scripts.add(
            i % 10 == 3 ? "no image" : "IMG web=0." + (i % 10) + ";synthetic=0." + (9 - i % 10));
      }
      OutputRecords.sendImages(
          plan.bootstrap(), plan.registry(), plan.application() + "-images", scripts);
    }

    ServiceProcess start(int hangsAfterImages) throws IOException {
      return ServiceProcess.start(
          new ServiceProcess.Plan(
              plan.bootstrap(),
              plan.registry(),
              plan.application(),
              plan.folder(),
              plan.holdsOffsets(),
              hangsAfterImages),
          log);
    }

    OutputRecords outputs() {
      return OutputRecords.read(plan.bootstrap(), plan.registry(), plan.application());
    }

    boolean modelHangs() {
      return Files.exists(plan.hanging());
    }

    List<OutputRecords.Seen> outcomes() {
      return outputs().imageOutcomes();
    }

    long committedOffsets() {
      return cluster.committed(plan.application());
    }

    void awaitOutcomes(int count, ServiceProcess service) throws Exception {
      await(count + " images have an outcome", () -> outcomes().size() >= count, service);
    }

    void await(String what, java.util.function.BooleanSupplier condition, ServiceProcess service)
        throws Exception {
      long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
      while (!condition.getAsBoolean()) {
        if (!service.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError(
              "Waited in vain until "
                  + what
                  + "; "
                  + outcomes().size()
                  + " outcomes, "
                  + committedOffsets()
                  + " committed. The service said:\n"
                  + new String(Files.readAllBytes(log), UTF_8));
        }
        Thread.sleep(400); // Every look reads all topics anew.
      }
    }
  }
}
