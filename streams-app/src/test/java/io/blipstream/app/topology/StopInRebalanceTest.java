package io.blipstream.app.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.config.ServiceSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stop does to a consumer group, and a group that does not settle to a stop. */
@Tag("slow")
@Timeout(600)
class StopInRebalanceTest {

  /** Far less than the time after which Kafka forgets a member that is silent. */
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final String SESSION_MILLIS = "600000";
  private static final String REQUEST_MILLIS = "5000";

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldHandOverAtOnceWhenStopped(String protocol) throws Exception {
    Application application = new Application(cluster, "over-" + protocol, protocol);
    CapFiltService first = application.start(UnaryOperator.identity());
    await(() -> first.state() == KafkaStreams.State.RUNNING);
    assertThat(first.close(SOON)).isTrue();
    try (CapFiltService second = application.start(UnaryOperator.identity())) {
      await(() -> second.state() == KafkaStreams.State.RUNNING);
    }
  }

  @Test
  void shouldStopInTheMiddleOfARebalance() throws Exception {
    stopAmidARebalance(new Application(cluster, "amid", "classic"), () -> {});
  }

  @Test
  void shouldStopInTheMiddleOfARebalanceWhoseBrokerIsGone() throws Exception {
    try (TestCluster own = TestCluster.start(Files.createDirectory(folder.resolve("own")))) {
      stopAmidARebalance(new Application(own, "gone", "classic"), own::close);
    }
  }

  /** The group waits for a member that is gone without a word. */
  private static void stopAmidARebalance(Application application, Runnable beforeTheStop)
      throws InterruptedException {
    CapFiltService lost = application.start(Remaining::new);
    await(() -> lost.state() == KafkaStreams.State.RUNNING);
    // Its threads stay members; one may itself be waiting for another that has ended.
    lost.close(Duration.ofSeconds(4));
    CapFiltService service = application.start(UnaryOperator.identity());
    await(() -> application.groupState() == GroupState.PREPARING_REBALANCE);
    beforeTheStop.run();
    service.close(Duration.ofSeconds(8));
    await(() -> streamThreads(application.name()).isEmpty());
  }

  @Test
  void shouldStopAtAnyMomentOfItsStart() throws Exception {
    for (int millis : List.of(0, 40, 80, 160, 320, 640, 1280)) {
      Application application = new Application(cluster, "start" + millis, "classic");
      CapFiltService service = application.start(UnaryOperator.identity());
      Thread.sleep(millis);
      assertThat(service.close(SOON)).as("stopped after %d ms", millis).isTrue();
      assertThat(streamThreads("start" + millis)).isEmpty();
    }
  }

  /** Topics, and the instances that run on them one after the other. */
  private record Application(TestCluster cluster, String name, String protocol) {

    Application {
      try {
        cluster.createTopics(name, 2, "images", "captions", "confidences", "rejects");
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    CapFiltService start(UnaryOperator<KafkaClientSupplier> clients) {
      Map<String, Object> settings =
          TestCluster.serviceSettings(
              cluster.bootstrapServers(),
              name,
              folder.resolve(name),
              Map.of("group.protocol", protocol, "stream.threads", 3));
      return CapFiltService.start(
          ServiceSettings.of(
              settings,
              Map.of("schema.registry.url", cluster.registryUrl()),
              Map.of(
                  "consumer.session.timeout.ms",
                  SESSION_MILLIS,
                  // A consumer that closes waits that long for answers that it still expects.
                  "consumer.request.timeout.ms",
                  REQUEST_MILLIS)),
          ScriptedCapFilt::new,
          uri -> new byte[0],
          outcome -> {},
          clients);
    }

    GroupState groupState() {
      try (Admin admin = cluster.admin()) {
        return admin.describeConsumerGroups(List.of(name)).all().get().get(name).groupState();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void await(BooleanSupplier met) throws InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!met.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private static List<String> streamThreads(String application) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(application + "-") && name.contains("-StreamThread-"))
        .toList();
  }

  /** Clients whose consumers end without leaving their group, as if the process were killed. */
  private static final class Remaining extends DefaultKafkaClientSupplier {

    private final KafkaClientSupplier clients;

    Remaining(KafkaClientSupplier clients) {
      this.clients = clients;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      Consumer<byte[], byte[]> consumer = clients.getConsumer(config);
      return (Consumer<byte[], byte[]>)
          Proxy.newProxyInstance(
              Consumer.class.getClassLoader(),
              new Class<?>[] {Consumer.class},
              (self, method, arguments) -> {
                try {
                  if (method.getName().equals("close")) {
                    consumer.close(
                        CloseOptions.groupMembershipOperation(
                            GroupMembershipOperation.REMAIN_IN_GROUP));
                    return null;
                  }
                  return method.invoke(consumer, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return clients.getAdmin(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return clients.getProducer(config);
    }
  }
}
