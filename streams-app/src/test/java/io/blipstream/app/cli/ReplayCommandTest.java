package io.blipstream.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.TestCluster;
import io.blipstream.app.replay.Replay;
import io.blipstream.app.replay.ReplayFixture;
import io.blipstream.app.replay.ReplayHeaders;
import io.blipstream.app.replay.ReplaySummary;
import io.blipstream.app.replay.Selection;
import io.blipstream.schemas.RejectStage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each event once, whatever was run before and however it ended. */
@Tag("slow")
@Timeout(300)
class ReplayCommandTest {

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();

  private static ReplayFixture fixture(String name) throws InterruptedException {
    return new ReplayFixture(cluster.bootstrapServers(), cluster.registryUrl(), name);
  }

  private static List<String> command(ReplayFixture fixture, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "replay",
                "--bootstrap-servers=" + cluster.bootstrapServers(),
                "--schema-registry-url=" + cluster.registryUrl(),
                "--from=" + fixture.rejects(),
                "--to=" + fixture.images(),
                "--group=" + fixture.images(),
                "--json"));
    for (String word : more) {
      command.removeIf(given -> given.startsWith(word + "="));
      command.add(word);
    }
    return command;
  }

  private static JsonNode replay(int status, ReplayFixture fixture, String... more)
      throws IOException {
    Shell.Result result = new Shell().run(command(fixture, more));
    assertThat(result.status()).as(result.err() + result.out()).isEqualTo(status);
    return new ObjectMapper().readTree(result.lines().get(0));
  }

  private static JsonNode replay(ReplayFixture fixture, String... more) throws IOException {
    return replay(0, fixture, more);
  }

  @Test
  void shouldSendEachEventOnceAndAsItCameIn() throws Exception {
    try (ReplayFixture fixture = fixture("once")) {
      RecordMetadata failed = fixture.image(1, "failed");
      RecordMetadata twoTexts = fixture.image(0, "two texts");
      RecordMetadata unreadable = fixture.image(1, "unreadable");
      RecordMetadata cut = fixture.image(0, "cut");
      fixture.image(0, "good");
      fixture.reject(failed, RejectStage.FETCH, "FETCH_FAILED");
      fixture.reject(
          fixture.builder(twoTexts, RejectStage.FILTER, "TEXT_NOT_MATCHED").setText("a dog"),
          twoTexts.timestamp(),
          0);
      fixture.reject(
          fixture.builder(twoTexts, RejectStage.FILTER, "EMPTY_TEXT").setText(" "),
          twoTexts.timestamp(),
          0);
      fixture.unreadable(unreadable, "raw key", "raw value", 9);
      fixture.unreadable(cut, "key", "cu", 3);
      // As at-least-once writes them: once more, later.
      fixture.reject(failed, RejectStage.FETCH, "FETCH_FAILED");

      JsonNode dry = replay(fixture, "--dry-run");
      assertReplayed(4, dry);
      assertThat(fixture.sentBack()).isEmpty();

      JsonNode summary = replay(fixture);
      assertThat(summary.get("rejects").asInt()).isEqualTo(6);
      assertReplayed(4, summary);
      assertThat(summary.get("repeated").asInt()).isEqualTo(1);
      assertThat(fixture.valuesSentBack())
          .containsExactlyInAnyOrder("failed", "two texts", "raw value", "cut");
      ConsumerRecord<byte[], byte[]> back =
          fixture.sentBack().stream()
              .filter(record -> new String(record.value(), UTF_8).equals("failed"))
              .findFirst()
              .orElseThrow();
      assertThat(back.partition()).isEqualTo(1);
      assertThat(back.key()).isEqualTo("key of failed".getBytes(UTF_8));
      assertThat(back.timestamp()).isEqualTo(failed.timestamp());
      assertThat(header(back, "traceparent")).isEqualTo("trace of failed");
      assertThat(header(back, ReplayHeaders.ATTEMPT)).isEqualTo("1");
      assertThat(header(back, ReplayHeaders.REPLAY_OF)).isEqualTo("once-images-1@0");

      JsonNode again = replay(fixture);
      assertReplayed(0, again);
      assertThat(again.get("before").asInt()).isEqualTo(5);
      // Negative control: without the ledger all would be sent a second time.
      assertReplayed(4, replay(fixture, "--again"));
      assertThat(fixture.sentBack()).hasSize(8);
      assertReplayed(0, replay(fixture));
    }
  }

  @Test
  void shouldLeaveToTheNextRunWhatThisOneWasNotAskedFor() throws Exception {
    try (ReplayFixture fixture = fixture("kinds")) {
      fixture.reject(fixture.image(0, "a"), RejectStage.FETCH, "FETCH_FAILED");
      fixture.reject(fixture.image(0, "b"), RejectStage.FETCH, "FETCH_TIMEOUT");
      fixture.reject(fixture.image(0, "c"), RejectStage.MODEL, "MODEL_FAILED");
      fixture.reject(fixture.image(0, "d"), RejectStage.DECODE, "NOT_AN_IMAGE");

      assertReplayed(2, replay(fixture, "--reason", "MODEL_FAILED,FETCH_TIMEOUT"));
      assertThat(fixture.valuesSentBack()).containsExactlyInAnyOrder("b", "c");
      assertReplayed(1, replay(fixture, "--stage", "fetch"));
      fixture.reject(fixture.image(0, "e"), RejectStage.FETCH, "FETCH_FAILED");
      assertReplayed(2, replay(fixture));
      assertThat(fixture.valuesSentBack()).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }
  }

  @Test
  void shouldKeepToTheTimesItWasGiven() throws Exception {
    try (ReplayFixture fixture = fixture("times")) {
      for (int i = 0; i < 4; i++) {
        RecordMetadata image = fixture.image(0, "image " + i);
        // Timestamps of images and rejects agree; here the topic of images is asked by offset only.
        fixture.reject(
            fixture
                .builder(image, RejectStage.RECORD, "NOT_AVRO")
                .setRawValue(ByteBuffer.wrap(("image " + i).getBytes(UTF_8)))
                .setRawValueSize(7),
            ReplayFixture.TIME + i * 1_000_000L,
            0);
      }
      replay(
          fixture,
          "--since",
          Instant.ofEpochMilli(ReplayFixture.TIME + 1_000_000).toString(),
          "--until",
          Instant.ofEpochMilli(ReplayFixture.TIME + 3_000_000).toString());
      assertThat(fixture.valuesSentBack()).containsExactly("image 1", "image 2");
      replay(fixture);
      assertThat(fixture.valuesSentBack())
          .containsExactlyInAnyOrder("image 0", "image 1", "image 2", "image 3");
    }
  }

  @Test
  void shouldNameWhatIsGoneAndInventNothing() throws Exception {
    try (ReplayFixture fixture = fixture("gone")) {
      RecordMetadata deleted = fixture.image(0, "deleted");
      RecordMetadata there = fixture.image(0, "there");
      fixture.reject(deleted, RejectStage.FETCH, "FETCH_FAILED");
      fixture.reject(
          fixture.builder("no-such-topic", 0, 5, RejectStage.FETCH, "FETCH_FAILED"), 7, 0);
      fixture.reject(
          fixture.builder(fixture.images(), 0, 500, RejectStage.FETCH, "FETCH_FAILED"), 7, 0);
      fixture.reject(
          fixture.builder(fixture.images(), 77, 0, RejectStage.FETCH, "FETCH_FAILED"), 7, 0);
      // The topic was made anew: at these coordinates lies another image now.
      fixture.reject(fixture.builder(there, RejectStage.FETCH, "FETCH_FAILED"), 7, 0);
      fixture.rejectBytes("no reject");
      try (Admin admin = Admin.create(fixture.kafka())) {
        admin
            .deleteRecords(
                Map.of(new TopicPartition(fixture.images(), 0), RecordsToDelete.beforeOffset(1)))
            .all()
            .get();
      }
      Shell.Result result = new Shell().run(command(fixture));
      assertThat(result.status()).isEqualTo(1);
      JsonNode summary = new ObjectMapper().readTree(result.lines().get(0));
      assertThat(summary.get("gone").asInt()).isEqualTo(5);
      assertThat(summary.get("unreadable").asInt()).isEqualTo(1);
      assertThat(result.err())
          .contains("gone-images-0@0", "no-such-topic-0@5", "gone-rejects-0@5 is no reject")
          .hasLineCount(6);
      assertThat(fixture.sentBack()).isEmpty();
    }
  }

  @Test
  void shouldLeaveAloneWhatWasSentBackTooOften() throws Exception {
    try (ReplayFixture fixture = fixture("often")) {
      for (int attempts : new int[] {1, 2}) {
        RecordMetadata image = fixture.image(0, "sent " + attempts);
        fixture.reject(
            fixture
                .builder(image, RejectStage.RECORD, "NOT_AVRO")
                .setRawValue(ByteBuffer.wrap(("sent " + attempts).getBytes(UTF_8)))
                .setRawValueSize(6),
            image.timestamp(),
            attempts);
      }
      JsonNode summary = replay(fixture, "--max-attempts", "2");
      assertReplayed(1, summary);
      assertThat(summary.get("overMaxAttempts").asInt()).isEqualTo(1);
      assertThat(header(fixture.sentBack().get(0), ReplayHeaders.ATTEMPT)).isEqualTo("2");
      assertReplayed(1, replay(fixture, "--max-attempts", "3"));
      assertThat(fixture.valuesSentBack()).containsExactly("sent 1", "sent 2");
    }
  }

  @Test
  void shouldNotReadWhatIsRejectedWhileItRuns() throws Exception {
    try (ReplayFixture fixture = fixture("tail")) {
      fixture.rejectedImages(120, RejectStage.FETCH, "FETCH_FAILED");
      Replay.Plan plan =
          new Replay.Plan(
              fixture.rejects(),
              fixture.images(),
              new Selection(Set.of(), Set.of(), 5),
              Optional.empty(),
              Optional.empty(),
              "tail",
              false,
              false);
      int[] rejectedAgain = {0};
      List<String> complaints = new ArrayList<>();
      // Asked before each batch: as if the service rejected everything again at once.
      ReplaySummary summary =
          Replay.run(
              plan,
              fixture.kafka(),
              fixture.registrySettings(),
              complaints::add,
              () -> {
                RecordMetadata image = fixture.image(0, "again " + rejectedAgain[0]++);
                fixture.reject(image, RejectStage.FETCH, "FETCH_FAILED");
                return false;
              });
      assertThat(rejectedAgain[0]).as("several batches").isGreaterThan(2);
      assertThat(complaints).isEmpty();
      assertThat(summary.replayed()).as("%s", summary).isEqualTo(120);
      JsonNode next = replay(fixture, "--group", "tail");
      assertThat(next.get("replayed").asInt()).as("%s", next).isEqualTo(rejectedAgain[0]);
    }
  }

  @Test
  void shouldSendNothingTwiceAndLeaveNothingOutWhenKilled() throws Exception {
    int events = 3_000;
    try (ReplayFixture fixture = fixture("killed")) {
      fixture.rejectedImages(events, RejectStage.FETCH, "FETCH_FAILED");
      Process first = start(command(fixture));
      try (Admin admin = cluster.admin()) {
        while (committedImages(admin, fixture) == events && first.isAlive()) {
          Thread.sleep(5);
        }
      } finally {
        first.destroyForcibly().waitFor();
      }
      assertThat(first.exitValue()).as("it was killed before its end").isNotZero();

      JsonNode rest = replay(fixture);
      assertThat(rest.get("replayed").asInt()).isBetween(1, events - 1);
      assertThat(fixture.valuesSentBack()).doesNotHaveDuplicates().hasSize(events);
    }
  }

  /** A look that takes less time than a batch: the process must not have ended by then. */
  private static long committedImages(Admin admin, ReplayFixture fixture) throws Exception {
    Map<TopicPartition, OffsetSpec> ends =
        IntStream.range(0, ReplayFixture.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(fixture.images(), partition))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    return admin
        .listOffsets(ends, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .values()
        .stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  private static Process start(List<String> command) throws IOException {
    List<String> process =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    process.addAll(command);
    File log = folder.resolve("replay.log").toFile();
    return new ProcessBuilder(process).redirectErrorStream(true).redirectOutput(log).start();
  }

  @Test
  void shouldSayWhatIsWrongBeforeItSendsAnything() throws Exception {
    try (ReplayFixture fixture = fixture("wrong")) {
      assertThat(new Shell().run(command(fixture, "--reason", "a b")).status()).isEqualTo(2);
      assertThat(new Shell().run(command(fixture, "--since", "soon")).status()).isEqualTo(2);
      assertThat(new Shell().run(command(fixture, "--to", fixture.rejects())).status())
          .isEqualTo(2);
      Shell.Result missing = new Shell().run(command(fixture, "--from", "nope"));
      assertThat(missing.status()).isEqualTo(3);
      assertThat(missing.err()).contains("lacks the topic nope");
    }
  }

  private static void assertReplayed(int events, JsonNode summary) {
    assertThat(summary.get("replayed").asInt()).as("replayed in %s", summary).isEqualTo(events);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
