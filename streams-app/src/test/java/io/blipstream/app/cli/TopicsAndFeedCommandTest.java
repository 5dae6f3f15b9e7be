package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.TestCluster;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
@Timeout(300)
class TopicsAndFeedCommandTest {

  @RegisterExtension private static final TestCluster cluster = TestCluster.ofClass();
  @AutoClose private static Admin admin;

  @BeforeAll
  static void openAdmin() {
    admin = cluster.admin();
  }

  private static Shell.Result run(String command, String... arguments) {
    return new Shell()
        .run(
            List.of(
                command,
                "--bootstrap-servers=" + cluster.bootstrapServers(),
                "-X",
                "schema.registry.url=mock://feed",
                "--topic-images=fed"),
            arguments);
  }

  @Test
  void shouldCreateOnlyMissingTopicsAndFeedThem() throws Exception {
    Shell.Result refused = run("feed", "--images=3");
    assertThat(refused.status()).isEqualTo(3);
    assertThat(refused.err()).contains("lacks the topic fed");

    Shell.Result created = run("topics", "--partitions=3");
    assertThat(created.status()).isZero();
    assertThat(created.lines())
        .containsExactly(
            "created fed with 3 partitions",
            "created captions with 3 partitions",
            "created itm-confidence with 3 partitions",
            "created rejects with 3 partitions");
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "fed");
    assertThat(
            admin
                .describeConfigs(List.of(topic))
                .all()
                .get()
                .get(topic)
                .get("max.message.bytes")
                .value())
        .isEqualTo("16777216");
    assertThat(run("topics", "--partitions=7").lines())
        .containsExactly(
            "fed is there", "captions is there", "itm-confidence is there", "rejects is there");
    assertThat(admin.describeTopics(List.of("fed")).allTopicNames().get().get("fed").partitions())
        .hasSize(3);

    Shell.Result fed = run("feed", "--images=12", "--rate=1000");
    assertThat(fed.out()).isEqualTo("sent 12\n");
    assertThat(records("fed", 3)).isEqualTo(12);
  }

  @Test
  void shouldRefuseARateThatIsNone() {
    Shell.Result result = run("feed", "--rate=0");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("--rate must be above 0");
  }

  private static long records(String topic, int partitions) throws Exception {
    long records = 0;
    for (int partition = 0; partition < partitions; partition++) {
      TopicPartition place = new TopicPartition(topic, partition);
      records +=
          admin.listOffsets(Map.of(place, OffsetSpec.latest())).all().get().get(place).offset();
    }
    return records;
  }
}
