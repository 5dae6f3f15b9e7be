package io.blipstream.app.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.app.TestCluster;
import io.blipstream.app.config.IllegalConfigurationException;
import io.blipstream.app.config.MissingDependencyException;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.metrics.ServiceHealth;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import io.blipstream.model.engine.simulated.SimulatedAnswers;
import io.blipstream.model.engine.simulated.SimulatedCapFilt;
import io.blipstream.model.engine.simulated.SimulatedSettings;
import io.blipstream.schemas.serde.RecordSchemas;
import io.blipstream.schemas.serde.RegistrySettings;
import io.blipstream.schemas.serde.SchemaRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(300)
class CapFiltServiceTest {

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  private static ServiceSettings settings(String name, Map<String, ?> kafka) {
    return ServiceSettings.of(
        named(name), Map.of("schema.registry.url", cluster.registryUrl()), kafka);
  }

  private static Map<String, Object> named(String name) {
    return TestCluster.serviceSettings(
        cluster.bootstrapServers(), name, folder.resolve(name), Map.of());
  }

  private static CapFiltService start(ServiceSettings settings, OutcomeListener listener) {
    return CapFiltService.start(settings, ScriptedCapFilt::new, uri -> new byte[0], listener);
  }

  private static void createTopics(String name, String... topics) throws InterruptedException {
    cluster.createTopics(name, 2, topics);
  }

  @Test
  void shouldNameTheTopicsThatAreMissing() throws Exception {
    createTopics("missing", "images", "captions");
    assertThatThrownBy(() -> start(settings("missing", Map.of()), outcome -> {}))
        .isInstanceOf(MissingDependencyException.class)
        .hasMessageContaining("lacks the topics missing-confidences, missing-rejects;");
  }

  @Test
  void shouldRefuseToStartWithoutItsRegistryBeforeLoadingTheModel() throws Exception {
    createTopics("alone", "images", "captions", "confidences", "rejects");
    ServiceSettings good = settings("alone", Map.of());
    ServiceSettings alone =
        ServiceSettings.of(
            named("alone"), Map.of("schema.registry.url", "http://127.0.0.1:1"), Map.of());
    AtomicBoolean loaded = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                CapFiltService.start(
                    alone,
                    () -> {
                      loaded.set(true);
                      return new ScriptedCapFilt();
                    },
                    uri -> new byte[0],
                    outcome -> {}))
        .isInstanceOf(MissingDependencyException.class)
        .hasMessageContaining("schema registry http://127.0.0.1:1");
    assertThat(loaded).isFalse();
    try (CapFiltService service = start(good, outcome -> {})) {
      while (service.state() != KafkaStreams.State.RUNNING) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void shouldRefuseATopicWhoseSchemaIsNotOurs() throws Exception {
    createTopics("taken", "images", "captions", "confidences", "rejects");
    RecordSchemas.forTopics("a", "b", "c", "taken-captions")
        .register(RegistrySettings.at(cluster.registryUrl()));
    assertThatThrownBy(() -> start(settings("taken", Map.of()), outcome -> {}))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("taken-captions-value")
        .hasMessageContaining("not compatible");
  }

  @Test
  void shouldSayWhichKafkaSettingIsWrong() {
    assertThatThrownBy(
            () -> start(settings("wrong", Map.of("commit.interval.ms", "soon")), outcome -> {}))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("commit.interval.ms");
  }

  @Test
  void shouldSayWhichRegistrySettingIsWrong() throws Exception {
    createTopics("registered", "images", "captions", "confidences", "rejects");
    ServiceSettings wrong =
        ServiceSettings.of(
            named("registered"),
            Map.of("schema.registry.url", cluster.registryUrl(), "use.latest.version", "true"),
            Map.of());
    assertThatThrownBy(() -> start(wrong, outcome -> {}))
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessageContaining("schema registry's settings")
        .hasMessageContaining("use.latest.version");
  }

  @Test
  void shouldNotWaitAgainWhenClosedAgain() throws Exception {
    createTopics("stuck", "images", "captions", "confidences", "rejects");
    OutputRecords.sendImages(
        cluster.bootstrapServers(), cluster.registryUrl(), "stuck-images", List.of("IMG"));
    SwitchedCapFilt hanging = new SwitchedCapFilt();
    hanging.become(SwitchedCapFilt.Mode.HANGING);
    CapFiltService service =
        CapFiltService.start(
            settings("stuck", Map.of()), () -> hanging, uri -> new byte[0], outcome -> {});
    while (service.batching().longestRunning().isZero()) {
      Thread.sleep(5);
    }
    assertThat(service.close(Duration.ofSeconds(2))).isFalse();
    // As run does: the second close comes with the end of its block.
    assertThat(service.close(Duration.ofMinutes(10))).isFalse();
    hanging.become(SwitchedCapFilt.Mode.WELL);
  }

  @Test
  void shouldNotLeaveTheModelComputingWhenClosedWithinABatch() throws Exception {
    createTopics("within", "images", "captions", "confidences", "rejects");
    OutputRecords.sendImages(
        cluster.bootstrapServers(), cluster.registryUrl(), "within-images", List.of("IMG"));
    SimulatedSettings slow =
        new SimulatedSettings(
            new SimulatedAnswers(1, 0), Duration.ofHours(1), Duration.ZERO, 0, 0, Duration.ZERO, 0);
    CapFiltService service =
        CapFiltService.start(
            settings("within", Map.of()),
            () -> new SimulatedCapFilt(slow),
            uri -> new byte[0],
            outcome -> {});
    while (service.batching().longestRunning().isZero()) {
      Thread.sleep(5);
    }
    ServiceView view = new ServiceView();
    view.started(service);
    while (!ServiceHealth.of(view).ready()) {
      Thread.sleep(5);
    }
    CompletableFuture<Boolean> closing =
        CompletableFuture.supplyAsync(() -> service.close(Duration.ofSeconds(16)));
    while (ServiceHealth.of(view).ready()) {
      Thread.sleep(5);
    }
    assertThat(service.state().isRunningOrRebalancing()).as("it still answers").isTrue();
    assertThat(ServiceHealth.of(view).alive()).isTrue();
    assertThat(closing.get()).as("the model came to rest").isTrue();
    assertThat(cluster.committed("within")).as("its image is the next owner's").isZero();
  }

  @Test
  void shouldCallTheModelSideBySideWhereItTakesSeveralCalls() throws Exception {
    createTopics("sides", "images", "captions", "confidences", "rejects");
    OutputRecords.sendImages(
        cluster.bootstrapServers(),
        cluster.registryUrl(),
        "sides-images",
        Collections.nCopies(40, "IMG"));
    PairedCapFilt model = new PairedCapFilt();
    ServiceSettings settings = settings("sides", Map.of());
    try (CapFiltService service =
        CapFiltService.start(settings, () -> model, uri -> new byte[0], outcome -> {})) {
      assertThat(service.batching().maxItems()).isEqualTo(settings.batching().maxItems() / 2);
      while (service.counts().images() < 40) {
        Thread.sleep(5);
      }
    }
    assertThat(model.alone).isFalse();
  }

  /** Expects two threads in its first two calls. */
  private static final class PairedCapFilt extends ScriptedCapFilt {

    private final CountDownLatch both = new CountDownLatch(2);
    private volatile boolean alone;

    @Override
    public int callsAtOnce() {
      return 2;
    }

    @Override
    public List<Judgement> judge(List<CapFiltInput> batch) {
      both.countDown();
      try {
        alone |= !both.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.judge(batch);
    }
  }

  @Test
  void shouldAnswerWhatIsInFlightWhenClosedAndLeaveNothingOpen() throws Exception {
    createTopics("closing", "images", "captions", "confidences", "rejects");
    OutputRecords.sendImages(
        cluster.bootstrapServers(),
        cluster.registryUrl(),
        "closing-images",
        Collections.nCopies(200, "IMG web=0.9;synthetic=0.1"));
    List<ImageOutcome> told = Collections.synchronizedList(new java.util.ArrayList<>());
    CapFiltService service = start(settings("closing", Map.of()), told::add);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (service.counts().images() == 0 && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(service.close(Duration.ofMinutes(1))).isTrue();
    assertThat(service.terminated()).isCompleted();
    assertThat(service.state()).isEqualTo(KafkaStreams.State.NOT_RUNNING);
    assertThat(service.inFlight().started()).as("all that was begun is answered").isZero();

    // A read_committed reader sees just what was forwarded: no transaction is left open.
    OutputRecords outputs =
        OutputRecords.read(cluster.bootstrapServers(), cluster.registryUrl(), "closing");
    assertThat(outputs.imageOutcomes()).hasSize((int) service.counts().images());
    assertThat(told).hasSize((int) service.counts().images());
    assertThat(service.counts().conservationGap()).isZero();

    CapFiltService again = start(settings("closing", Map.of()), told::add);
    deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (told.size() < 200 && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(again.close(Duration.ofMinutes(1))).isTrue();
    assertThat(
            OutputRecords.read(cluster.bootstrapServers(), cluster.registryUrl(), "closing")
                .imageOutcomes())
        .hasSize(200)
        .extracting(OutputRecords.Seen::imageId)
        .doesNotHaveDuplicates();
  }
}
