package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.blipstream.app.CommittedRecords;
import io.blipstream.app.TestCluster;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks without room: the broker's, and the service's own. */
@Tag("slow")
@Timeout(700)
class DiskFullTest {

  private static final int IMAGE_BYTES = 40_000;

  @TempDir private Path folder;
  private final Random random = new Random(1);

  @BeforeEach
  void requireASmallDisk() throws Exception {
    assumeThat(SmallDisk.canBeMounted(folder))
        .as("a small disk can be mounted here (Linux with user namespaces)")
        .isTrue();
  }

  /** The reserve is what an operator would delete; the broker is then started again. */
  @Test
  void shouldLoseAndRepeatNothingWhileTheBrokersDiskIsFull() throws Exception {
    int kafka = freePort();
    int registry = freePort();
    String bootstrap = "127.0.0.1:" + kafka;
    Path brokerLog = folder.resolve("broker.log");
    Process broker =
        SmallDisk.start(
            folder.resolve("disk"),
            48,
            """
            dd if=/dev/zero of="$DISK/reserve" bs=1M count=24 2>/dev/null
            "$@"
            echo "The broker ended with $?"
            rm "$DISK/reserve"
            exec "$@"
            """,
            java(
                "broker",
                "--data=" + folder.resolve("disk/data"),
                "--port=" + kafka,
                "--registry-port=" + registry),
            brokerLog);
    Process service = null;
    try {
      await(() -> printed(brokerLog).contains("Stop with Ctrl-C."));
      service = run(java(runCommand(bootstrap, "http://127.0.0.1:" + registry, "full")), "full");
      await(() -> printed(folder.resolve("full.log")).contains("Judging images"));
      int sent = 0;
      List<String> failed = Collections.synchronizedList(new ArrayList<>());
      try (EventSender sender = sender(bootstrap, "http://127.0.0.1:" + registry, failed)) {
        while (!printed(brokerLog).contains("The broker ended with")) {
          assertThat(sent).as("images on a disk of 24 MB").isLessThan(2_000);
          sent = send(sender, sent, 10);
          Thread.sleep(20); // So that the service keeps up: its outcomes meet the full disk, too.
        }
        assertThat(printed(brokerLog))
            .contains("all log dirs in")
            .contains("The broker ended with 1");
        sent = send(sender, sent, 50);
      }
      assertThat(failed).as("images that Kafka did not take").isEmpty();
      int all = sent;
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
        await(() -> TestCluster.committed(admin, "full") == all);
      }
      // The end of a transaction reaches the topics one after the other.
      await(() -> judged(bootstrap, "http://127.0.0.1:" + registry).size() >= all);
      assertThat(judged(bootstrap, "http://127.0.0.1:" + registry))
          .hasSize(sent)
          .doesNotHaveDuplicates();
      assertThat(service.isAlive()).isTrue();
    } finally {
      end(service);
      end(broker);
    }
  }

  /** At start the disk must have room; WebP images would be refused for good otherwise. */
  @Test
  void shouldNotStartIfItsOwnDiskIsFull() throws Exception {
    Path picture = Pictures.write(folder.resolve("a.png"), 20);
    Path log = folder.resolve("own.log");
    Process caption =
        SmallDisk.start(
            folder.resolve("disk"),
            3,
            "exec \"$@\"",
            java(folder.resolve("disk"), "caption", "--engine=simulated", picture.toString()),
            log);
    try {
      assertThat(caption.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(caption.exitValue()).as(printed(log)).isEqualTo(ExitStatus.FAILED.code());
      assertThat(printed(log))
          .contains("blipstream: There is no room in " + folder.resolve("disk"));
    } finally {
      end(caption);
    }
  }

  @Test
  void shouldGoOnWhenItsOwnDiskFillsLater() throws Exception {
    Path disk = folder.resolve("disk");
    Path signal = folder.resolve("fill");
    byte[] picture = Files.readAllBytes(Pictures.write(folder.resolve("a.jpg"), 20));
    try (TestCluster cluster = TestCluster.start(folder);
        Admin admin = cluster.admin()) {
      BrokerCommand.createTopics(cluster.bootstrapServers(), TopicNames.DEFAULT, 2);
      List<String> command =
          new ArrayList<>(
              List.of(runCommand(cluster.bootstrapServers(), cluster.registryUrl(), "own")));
      command.remove("--image-side=0");
      command.add("--state-dir=" + disk.resolve("state"));
      Path log = folder.resolve("own.log");
      Process service =
          SmallDisk.start(
              disk,
              24,
              """
              "$@" &
              while [ ! -e "%s" ]; do sleep 0.2; done
              dd if=/dev/zero of="$DISK/filler" bs=64k count=1000 || echo full
              wait
              """
                  .formatted(signal),
              java(disk, command.toArray(String[]::new)),
              log);
      List<String> failed = Collections.synchronizedList(new ArrayList<>());
      try (EventSender sender = sender(cluster.bootstrapServers(), cluster.registryUrl(), failed)) {
        await(() -> printed(log).contains("Judging images"));
        Files.createFile(signal);
        await(() -> printed(log).contains("full"));
        for (int i = 0; i < 40; i++) {
          sender.send(
              ImageEvent.newBuilder()
                  .setId("image " + i)
                  .setContent(ByteBuffer.wrap(picture))
                  .build());
        }
        sender.flush();
        await(() -> TestCluster.committed(admin, "own") == 40);
        await(() -> judged(cluster.bootstrapServers(), cluster.registryUrl()).size() >= 40);
        assertThat(judged(cluster.bootstrapServers(), cluster.registryUrl()))
            .hasSize(40)
            .doesNotHaveDuplicates();
      } finally {
        end(service);
      }
    }
  }

  private static EventSender sender(String bootstrap, String registry, List<String> failed) {
    return new EventSender(
        Map.of(
            "bootstrap.servers", bootstrap,
            // The broker's absence must fit.
            "delivery.timeout.ms", 200_000,
            "max.block.ms", 200_000),
        Map.of("schema.registry.url", registry),
        TopicNames.DEFAULT.images(),
        (id, why) -> failed.add(id + " " + why));
  }

  /** Sends so many images of noise, which no compression makes smaller. */
  private int send(EventSender sender, int from, int count) {
    for (int i = from; i < from + count; i++) {
      byte[] noise = new byte[IMAGE_BYTES];
      random.nextBytes(noise);
      sender.send(
          ImageEvent.newBuilder().setId("image-" + i).setContent(ByteBuffer.wrap(noise)).build());
    }
    sender.flush();
    return from + count;
  }

  private static String[] runCommand(String bootstrap, String registry, String application) {
    return new String[] {
      "run",
      "--engine=simulated",
      "--image-side=0",
      "--batch-millis=20",
      "--batch-size=4",
      "--application-id=" + application,
      "--bootstrap-servers=" + bootstrap,
      "--schema-registry-url=" + registry,
      // Longer than the broker is away: what it then aborts is not this test's subject.
      "--transaction-timeout-ms=120000"
    };
  }

  private Process run(List<String> command, String name) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private List<String> java(String... arguments) {
    return java(folder, arguments);
  }

  private static List<String> java(Path temporary, String... arguments) {
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()),
            Stream.of(arguments))
        .toList();
  }

  private static List<String> judged(String bootstrap, String registry) {
    return CommittedRecords.of(
            Map.of("bootstrap.servers", bootstrap),
            Map.of("schema.registry.url", registry),
            TopicNames.DEFAULT.itmConfidence(),
            ItmConfidence.class)
        .stream()
        .map(record -> record.value().getImageId())
        .toList();
  }

  private static String printed(Path log) throws IOException {
    return Files.exists(log) ? new String(Files.readAllBytes(log), UTF_8) : "";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void end(Process process) throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
      Thread.sleep(200);
    }
  }
}
