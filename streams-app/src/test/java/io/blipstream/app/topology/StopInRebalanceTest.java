package io.blipstream.app.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.config.ServiceSettings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stop does to a consumer group, and a group that does not settle to a stop. */
@Tag("slow")
@Timeout(300)
class StopInRebalanceTest {

  /** Far less than the time after which Kafka forgets a member that is silent. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String SESSION_MILLIS = "600000";

  @TempDir private Path folder;
  private TestCluster cluster;

  @BeforeEach
  void startBroker() throws IOException {
    cluster = TestCluster.start(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldHandOverAtOnceWhenStopped(String protocol) throws Exception {
    try (TestCluster open = cluster) {
      open.createTopics("over", 2, "images", "captions", "confidences", "rejects");
      CapFiltService first = start("over", protocol, UnaryOperator.identity());
      await(() -> first.state() == KafkaStreams.State.RUNNING);
      assertThat(first.close(SOON)).isTrue();
      try (CapFiltService second = start("over", protocol, UnaryOperator.identity())) {
        await(() -> second.state() == KafkaStreams.State.RUNNING);
      }
    }
  }

  /**
   * Here the group waits for a member that is gone without a word, and maybe the broker is, too.
   */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void shouldStopInTheMiddleOfARebalance(boolean brokerGoes) throws Exception {
    try (TestCluster open = cluster) {
      open.createTopics("amid", 2, "images", "captions", "confidences", "rejects");
      CapFiltService lost = start("amid", "classic", Remaining::new);
      await(() -> lost.state() == KafkaStreams.State.RUNNING);
      // Its threads stay members; one may itself be waiting for another that has ended.
      lost.close(Duration.ofSeconds(4));
      CapFiltService service = start("amid", "classic", UnaryOperator.identity());
      await(() -> groupState("amid") == GroupState.PREPARING_REBALANCE);
      if (brokerGoes) {
        cluster.close();
      }
      service.close(Duration.ofSeconds(8));
      await(() -> streamThreads("amid").isEmpty());
    }
  }

  @Test
  void shouldStopAtAnyMomentOfItsStart() throws Exception {
    try (TestCluster open = cluster) {
      for (int millis : List.of(0, 40, 80, 160, 320, 640, 1280)) {
        String name = "start" + millis;
        open.createTopics(name, 2, "images", "captions", "confidences", "rejects");
        CapFiltService service = start(name, "classic", UnaryOperator.identity());
        Thread.sleep(millis);
        assertThat(service.close(SOON)).as("stopped after %d ms", millis).isTrue();
        assertThat(streamThreads(name)).isEmpty();
      }
    }
  }

  private CapFiltService start(
      String name, String protocol, UnaryOperator<KafkaClientSupplier> clients) {
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
            Map.of("consumer.session.timeout.ms", SESSION_MILLIS)),
        ScriptedCapFilt::new,
        uri -> new byte[0],
        outcome -> {},
        clients);
  }

  private static void await(BooleanSupplier met) throws InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!met.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private GroupState groupState(String group) {
    try (Admin admin = cluster.admin()) {
      return admin.describeConsumerGroups(List.of(group)).all().get().get(group).groupState();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> streamThreads(String application) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(application + "-") && name.contains("-StreamThread-"))
        .toList();
  }

  /** Clients whose consumers end without leaving their group, as if the process were killed. */
  private static final class Remaining implements KafkaClientSupplier {

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

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return clients.getRestoreConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return clients.getGlobalConsumer(config);
    }
  }
}
