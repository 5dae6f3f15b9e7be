package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import io.blipstream.app.config.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(300)
class ResetCleanCommandTest {

  private static final int RECORDS = 10;

  /** Recent: Kafka soon deletes what is older than a topic's retention. */
  private static final long TIME = System.currentTimeMillis() - 60_000;

  @TempDir private static Path folder;
  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();
  @AutoClose private static Admin admin;

  private final List<String> names = new ArrayList<>();

  @BeforeAll
  static void openAdmin() {
    admin = cluster.admin();
  }

  /** Four topics of one partition, ten records each, and a group that has read seven images. */
  private void prepare(String name) throws Exception {
    for (String topic : List.of("images", "captions", "confidences", "rejects")) {
      names.add(name + "-" + topic);
    }
    BrokerCommand.createTopics(
        cluster.bootstrapServers(),
        new TopicNames(names.get(0), names.get(1), names.get(2), names.get(3)),
        1);
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "max.in.flight.requests.per.connection",
                1),
            new StringSerializer(),
            new StringSerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (String topic : names) {
        for (int i = 0; i < RECORDS; i++) {
          sent.add(producer.send(new ProducerRecord<>(topic, 0, TIME + i * 1_000L, "k", "v" + i)));
        }
      }
      for (Future<?> one : sent) {
        one.get();
      }
    }
    commit(name, 7);
    commit(name + "-replay", 3);
  }

  private void commit(String group, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(group, Map.of(images(), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private TopicPartition images() {
    return new TopicPartition(names.get(0), 0);
  }

  private Long committed(String group) throws Exception {
    OffsetAndMetadata offset =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(images());
    return offset == null ? null : offset.offset();
  }

  private long records(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
            .listOffsets(Map.of(partition, OffsetSpec.latest()))
            .all()
            .get()
            .get(partition)
            .offset()
        - admin
            .listOffsets(Map.of(partition, OffsetSpec.earliest()))
            .all()
            .get()
            .get(partition)
            .offset();
  }

  private Shell.Result run(String command, String name, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                command,
                "--bootstrap-servers=" + cluster.bootstrapServers(),
                "--application-id=" + name,
                "--topic-images=" + names.get(0)));
    if (command.equals("clean")) {
      all.add("--topic-captions=" + names.get(1));
      all.add("--topic-itm-confidence=" + names.get(2));
      all.add("--topic-rejects=" + names.get(3));
      all.add("--replay-group=" + name + "-replay");
      all.add("--state-dir=" + folder);
    }
    return new Shell().run(all, more);
  }

  @Test
  void shouldSetWhereTheServiceReadsOnlyWhenTold() throws Exception {
    prepare("reset");
    assertThat(run("reset", "reset", "--dry-run").out())
        .isEqualTo("would set group reset at reset-images-0 from 7 to 0\n");
    Shell.Result untold = run("reset", "reset");
    assertThat(untold.status()).isEqualTo(2);
    assertThat(untold.err()).contains("Nothing was changed; give --yes");
    assertThat(committed("reset")).isEqualTo(7);

    assertThat(run("reset", "reset", "--yes").status()).isZero();
    assertThat(committed("reset")).isZero();
    assertThat(run("reset", "reset", "--yes", "--to", "latest").status()).isZero();
    assertThat(committed("reset")).isEqualTo(RECORDS);
    assertThat(
            run("reset", "reset", "--yes", "--to", Instant.ofEpochMilli(TIME + 3_500).toString())
                .status())
        .isZero();
    assertThat(committed("reset")).isEqualTo(4);
    assertThat(run("reset", "reset", "--yes", "--to", "PT0S").status()).isZero();
    assertThat(committed("reset")).as("nothing is so young").isEqualTo(RECORDS);
    assertThat(run("reset", "reset", "--to", "yesterday").status()).isEqualTo(2);
    assertThat(names).allSatisfy(topic -> assertThat(records(topic)).isEqualTo(RECORDS));
  }

  @Test
  void shouldTouchNothingThatIsInUse() throws Exception {
    prepare("busy");
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", cluster.bootstrapServers(),
                "group.id", "busy",
                "enable.auto.commit", "false",
                "client.id", "the-member"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(names.get(0)));
      while (consumer.assignment().isEmpty()) {
        consumer.poll(Duration.ofMillis(100));
      }
      for (String command : List.of("reset", "clean")) {
        Shell.Result result = run(command, "busy", "--yes");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("group busy is in use by the-member");
      }
    }
    assertThat(committed("busy")).isEqualTo(7);
    assertThat(names).allSatisfy(topic -> assertThat(records(topic)).isEqualTo(RECORDS));
  }

  @Test
  void shouldTakeAwayAllThatTheServiceMadeAndNoImage() throws Exception {
    prepare("clean");
    Path state = Files.createDirectories(folder.resolve("clean/0_0"));
    Files.writeString(state.resolve("file"), "state");
    Path others = Files.createDirectories(folder.resolve("other"));
    Shell.Result untold = run("clean", "clean");
    assertThat(untold.status()).isEqualTo(2);
    assertThat(untold.out().lines())
        .containsExactly(
            "would delete group clean",
            "would delete group clean-replay",
            "would delete all records of clean-captions",
            "would delete all records of clean-confidences",
            "would delete all records of clean-rejects",
            "would delete folder " + folder.resolve("clean"));
    assertThat(committed("clean")).isEqualTo(7);
    assertThat(names).allSatisfy(topic -> assertThat(records(topic)).isEqualTo(RECORDS));

    assertThat(run("clean", "clean", "--yes").status()).isZero();
    assertThat(committed("clean")).isNull();
    assertThat(committed("clean-replay")).isNull();
    assertThat(records(names.get(0))).as("images stay").isEqualTo(RECORDS);
    assertThat(names.subList(1, 4)).allSatisfy(topic -> assertThat(records(topic)).isZero());
    assertThat(folder.resolve("clean")).doesNotExist();
    assertThat(others).exists();

    assertThat(run("clean", "clean", "--yes", "--delete-topics").status()).isZero();
    assertThat(run("clean", "clean", "--yes").out()).contains("nothing left");
    assertThat(records(names.get(0))).isEqualTo(RECORDS);
    assertThat(run("clean", "..", "--yes").status()).isEqualTo(2);
  }
}
