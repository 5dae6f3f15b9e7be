package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.TestCluster;
import io.blipstream.app.config.TopicNames;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service in a process of its own, stopped in the middle of a transaction. */
@Tag("slow")
@Timeout(300)
class StopTest {

  private static final int IMAGES = 600;

  private static final Pattern PAGE = Pattern.compile("http://127.0.0.1:\\d+/");

  private static final List<String> SLOW =
      List.of("--engine=simulated", "--image-side=0", "--batch-millis=500", "--batch-size=4");

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  @Test
  void shouldStopWithinItsTimeAndLeaveNoTransactionOpen() throws Exception {
    TopicNames topics = prepare("term");
    Process service = start("term", topics, SLOW);
    try {
      awaitAnOpenTransaction(topics, service);
      long start = System.nanoTime();
      service.destroy(); // SIGTERM
      assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(45));
      assertThat(service.exitValue()).as("done").isZero();
      awaitNoOpenTransaction(topics);
      assertThat(cluster.committedRecords(topics.itmConfidence(), ItmConfidence.class))
          .as("it was stopped amid its work")
          .hasSizeBetween(1, IMAGES - 1);
    } finally {
      service.destroyForcibly();
    }
  }

  /** Negative control: a kill leaves the transaction open. */
  @Test
  void shouldLeaveATransactionOpenWhenKilled() throws Exception {
    TopicNames topics = prepare("kill");
    Process service = start("kill", topics, SLOW);
    try {
      awaitAnOpenTransaction(topics, service);
      service.destroyForcibly().waitFor();
      assertThat(stableEnds(topics)).isNotEqualTo(ends(topics));
    } finally {
      service.destroyForcibly();
    }
  }

  /** With a real model, whose native libraries have shutdown hooks of their own. */
  @ParameterizedTest
  @EnumSource(names = {"CHECKING", "LOADING", "JOINING"})
  void shouldStopInOrderWhileItStarts(ServiceView.Phase phase) throws Exception {
    String name = "start-" + phase;
    TopicNames topics = new TopicNames(name + "-i", name + "-c", name + "-m", name + "-r");
    BrokerCommand.createTopics(cluster.bootstrapServers(), topics, 2);
    Process service = start(name, topics, List.of("--web-port=0"));
    Path log = folder.resolve(name + ".log");
    try {
      awaitPhase(service, log, phase);
      service.destroy(); // SIGTERM
      assertThat(service.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(log).content().doesNotContain("Shutdown in progress", "Unexpected", "missing");
      assertThat(service.exitValue()).as("done").isZero();
    } finally {
      service.destroyForcibly();
    }
  }

  /** Or the one after it, if it is over before it is seen. */
  private static void awaitPhase(Process service, Path log, ServiceView.Phase phase)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    String page = "";
    ServiceView.Phase now = ServiceView.Phase.CHECKING;
    while (page.isEmpty() || now.compareTo(phase) < 0) {
      assertThat(service.isAlive()).as("it runs: %s", Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
      if (page.isEmpty()) {
        Matcher address = PAGE.matcher(Files.readString(log));
        page = address.find() ? address.group() : "";
      } else {
        now = phase(page);
      }
    }
  }

  private static ServiceView.Phase phase(String page) throws Exception {
    HttpResponse<String> health =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(page + "health/live")).build(),
                HttpResponse.BodyHandlers.ofString());
    return ServiceView.Phase.valueOf(
        new ObjectMapper().readTree(health.body()).get("phase").asText());
  }

  private static TopicNames prepare(String name) throws Exception {
    TopicNames topics =
        new TopicNames(
            name + "-images", name + "-captions", name + "-confidences", name + "-rejects");
    BrokerCommand.createTopics(cluster.bootstrapServers(), topics, 2);
    List<String> failed = new ArrayList<>();
    try (EventSender sender =
        new EventSender(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            Map.of("schema.registry.url", cluster.registryUrl()),
            topics.images(),
            (id, why) -> failed.add(id))) {
      for (int i = 0; i < IMAGES; i++) {
        sender.send(
            ImageEvent.newBuilder()
                .setId("image " + i)
                .setContent(ByteBuffer.wrap("any bytes".getBytes(UTF_8)))
                .build());
      }
      sender.flush();
    }
    assertThat(failed).isEmpty();
    return topics;
  }

  /** Commits so seldom that a transaction is open nearly always. */
  private static Process start(String name, TopicNames topics, List<String> flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "run",
        "--bootstrap-servers=" + cluster.bootstrapServers(),
        "--schema-registry-url=" + cluster.registryUrl(),
        "--application-id=" + name,
        "--topic-images=" + topics.images(),
        "--topic-captions=" + topics.captions(),
        "--topic-itm-confidence=" + topics.itmConfidence(),
        "--topic-rejects=" + topics.rejects(),
        "--state-dir=" + folder.resolve(name),
        "-Xcommit.interval.ms=4000");
    command.addAll(flags);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private static void awaitAnOpenTransaction(TopicNames topics, Process service) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (stableEnds(topics).equals(ends(topics))) {
      assertThat(service.isAlive()).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /**
   * The end of a transaction reaches the topics a little later; one left open would last longer.
   */
  private static void awaitNoOpenTransaction(TopicNames topics) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!stableEnds(topics).equals(ends(topics))) {
      assertThat(System.nanoTime()).as("a transaction is open").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static Map<TopicPartition, Long> stableEnds(TopicNames topics) throws Exception {
    return ends(topics, IsolationLevel.READ_COMMITTED);
  }

  private static Map<TopicPartition, Long> ends(TopicNames topics) throws Exception {
    return ends(topics, IsolationLevel.READ_UNCOMMITTED);
  }

  private static Map<TopicPartition, Long> ends(TopicNames topics, IsolationLevel level)
      throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (String topic : List.of(topics.captions(), topics.itmConfidence(), topics.rejects())) {
      for (int partition = 0; partition < 2; partition++) {
        asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
      }
    }
    try (Admin admin = cluster.admin()) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(asked, new ListOffsetsOptions(level))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    }
  }
}
