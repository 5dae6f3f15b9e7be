package io.blipstream.app.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.cli.demo.ConservationLedger;
import io.blipstream.app.cli.demo.SceneEvents;
import io.blipstream.app.cli.soak.Findings;
import io.blipstream.app.containers.ContainerCluster.Handover;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.TextSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What happens to the service's containers where they are run in earnest: they work, they are
 * killed, they become more and fewer, they are replaced by newer ones. Everything goes through TLS
 * and SASL, with the rights that {@link Right} lists.
 */
@Timeout(600)
@ExtendWith(ContainerClusterExtension.class)
class ServiceInContainersIT {

  private final ContainerCluster cluster;

  ServiceInContainersIT(ContainerCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void shouldJudgeImagesWithTheBundledModel() throws Exception {
    SceneEvents scenes = new SceneEvents(7);
    try (TestedStream stream = new TestedStream(cluster, "bundled");
        ServiceContainer service = cluster.service(Handover.VARIABLES)) {
      service.withCommand(stream.flags().toArray(String[]::new)).untilItJudges();
      int images = 24;
      for (int i = 0; i < images; i++) {
        stream.send(scenes.event(i));
      }
      stream.send(
          ImageEvent.newBuilder()
              .setId("no-picture")
              .setContent(ByteBuffer.wrap(new byte[] {1, 2, 3}))
              .build());
      stream.awaitAllCommitted();
      terminate(service);

      List<Caption> captions = stream.records(stream.topics().captions(), Caption.class);
      List<Reject> rejects = stream.records(stream.topics().rejects(), Reject.class);
      List<ItmConfidence> confidences =
          stream.records(stream.topics().itmConfidence(), ItmConfidence.class);
      assertThat(confidences).hasSize(images);
      assertThat(captions).extracting(Caption::getSource).contains(TextSource.SYNTHETIC);
      assertThat(rejects)
          .extracting(Reject::getReason)
          .contains("NOT_AN_IMAGE", "TEXT_NOT_MATCHED");
      assertConserved(images + 1, captions, confidences, rejects);
    }
  }

  /** One outcome an image, and one for each of its texts. */
  private static void assertConserved(
      int images, List<Caption> captions, List<ItmConfidence> confidences, List<Reject> rejects) {
    ConservationLedger ledger = new ConservationLedger();
    confidences.forEach(
        one ->
            ledger.confidence(
                one.getCoordinates().getPartition(),
                one.getCoordinates().getOffset(),
                one.getTexts().size()));
    captions.forEach(one -> text(ledger, one.getCoordinates()));
    for (Reject one : rejects) {
      Coordinates at = one.getCoordinates();
      if (one.getText() == null) {
        ledger.imageReject(at.getPartition(), at.getOffset());
      } else {
        text(ledger, at);
      }
    }
    assertThat(confidences.size() + rejects.stream().filter(r -> r.getText() == null).count())
        .isEqualTo(images);
    // Every outcome belongs to an input: entered last, so that each finds its own.
    confidences.forEach(one -> input(ledger, one.getCoordinates()));
    rejects.stream()
        .filter(one -> one.getText() == null)
        .forEach(one -> input(ledger, one.getCoordinates()));
    assertThat(ledger.images()).isEqualTo(images);
    assertThat(ledger.missing()).isZero();
    assertThat(ledger.surplus()).isZero();
  }

  private static void text(ConservationLedger ledger, Coordinates at) {
    ledger.text(at.getPartition(), at.getOffset());
  }

  private static void input(ConservationLedger ledger, Coordinates at) {
    ledger.image(at.getPartition(), at.getOffset());
  }

  @Test
  void shouldLoseAndRepeatNothingWhenItsContainerIsKilled() throws Exception {
    int inputs = 1_200;
    try (TestedStream stream = new TestedStream(cluster, "killed")) {
      stream.send(inputs);
      try (ServiceContainer killed = simulated(stream)) {
        stream.awaitCommitted(40);
        killed.killHard();
        assertThat(killed.exitCode()).isEqualTo(137);
      }
      assertThat(stream.committed()).as("killed in the middle of its work").isLessThan(inputs);
      try (ServiceContainer successor = simulated(stream)) {
        stream.awaitAllCommitted();
        terminate(successor);
      }
      assertKept(stream.findings(), inputs);
    }
  }

  @Test
  void shouldDivideTheWorkBetweenTwoContainersAndTakeItBack() throws Exception {
    try (TestedStream stream = new TestedStream(cluster, "scaled");
        ServiceContainer first = simulated(stream)) {
      stream.send(100);
      try (ServiceContainer second = simulated(stream)) {
        stream.awaitOwners(2);
        stream.send(200);
        stream.awaitAllCommitted();
        terminate(second);
        assertThat(second.getLogs()).contains(" images judged");
      }
      stream.awaitOwners(1);
      stream.send(100);
      stream.awaitAllCommitted();
      terminate(first);
      assertThat(first.getLogs()).contains(" images judged");
      assertKept(stream.findings(), 400);
    }
  }

  @Test
  void shouldBeUpgradedContainerByContainerUnderLoad() throws Exception {
    ScheduledExecutorService feed = Executors.newSingleThreadScheduledExecutor();
    try (TestedStream stream = new TestedStream(cluster, "rolled");
        ServiceContainer oldOne = simulated(stream);
        ServiceContainer oldTwo = simulated(stream)) {
      stream.awaitOwners(2);
      var feeding = feed.scheduleAtFixedRate(() -> stream.send(4), 0, 100, TimeUnit.MILLISECONDS);
      terminate(oldOne);
      try (ServiceContainer newOne = simulated(stream)) {
        stream.awaitOwners(2);
        terminate(oldTwo);
        try (ServiceContainer newTwo = simulated(stream)) {
          stream.awaitOwners(2);
          assertThat(feeding.isDone()).as("images came all the time").isFalse();
          feed.shutdown();
          assertThat(feed.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
          stream.awaitAllCommitted();
          terminate(newTwo);
        }
        terminate(newOne);
      }
      assertKept(stream.findings(), stream.sent());
    } finally {
      feed.shutdownNow();
    }
  }

  private ServiceContainer simulated(TestedStream stream) {
    return cluster.service(Handover.FILE).withCommand(stream.simulatedFlags()).untilItJudges();
  }

  /** A service that has tidied up after SIGTERM ends with 0; one that had to be killed with 137. */
  private static void terminate(ServiceContainer service) {
    service.terminate();
    assertThat(service.exitCode()).as(service.getLogs()).isZero();
    assertThat(service.getLogs()).contains("to NOT_RUNNING");
  }

  private static void assertKept(Findings findings, long inputs) {
    assertThat(findings.examples()).isEmpty();
    assertThat(findings.allKept()).as(findings.toString()).isTrue();
    assertThat(findings.inputs()).isEqualTo(inputs);
    assertThat(findings.outcomes()).isEqualTo(inputs);
  }
}
