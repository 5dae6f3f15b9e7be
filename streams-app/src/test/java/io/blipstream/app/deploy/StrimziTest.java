package io.blipstream.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrimziTest {

  private static final TopicNames NAMES = TopicNames.DEFAULT;

  @Test
  void shouldConsistOfWhatStrimziAndKubernetesKnow() throws JsonProcessingException {
    for (String file : List.of("kafka", "topics", "users", "registry", "scaler")) {
      for (JsonNode manifest : manifests(file)) {
        if (!manifest.path("kind").asText().equals("TriggerAuthentication")) {
          StrictModels.read(manifest);
        }
      }
    }
  }

  @Test
  void shouldMakeTheTopicsThatTheServiceAsksFor() {
    Map<String, JsonNode> topics = new HashMap<>();
    manifests("topics").forEach(one -> topics.put(one.at("/metadata/name").asText(), one));
    int partitions =
        Yaml.document(Repository.text("deploy/helm/blipstream/values.yaml"))
            .at("/topics/partitions")
            .asInt();
    assertThat(topics.keySet()).containsExactlyInAnyOrderElementsOf(NAMES.all());
    for (TopicSpec expected : TopicSpec.ofService(NAMES, partitions)) {
      JsonNode spec = topics.get(expected.name()).path("spec");
      assertThat(spec.path("partitions").asInt()).isEqualTo(partitions);
      assertThat(spec.at("/config/max.message.bytes").asInt())
          .isEqualTo(expected.maxMessageBytes());
      // One replica may be away without a record being refused, or lost.
      assertThat(spec.path("replicas").asInt()).isEqualTo(3);
      assertThat(spec.at("/config/min.insync.replicas").asInt()).isEqualTo(2);
    }
  }

  @Test
  void shouldNotWriteMoreThanATopicTakes() {
    int written =
        (int) ServiceConfig.definition().defaultValues().get(ServiceConfig.OUTPUT_MAX_BYTES);
    for (JsonNode topic : manifests("topics")) {
      assertThat(topic.at("/spec/config/max.message.bytes").asInt()).isGreaterThan(written);
    }
  }

  @Test
  void shouldGiveTheServiceTheRightsThatItNeedsAndNoOthers() {
    String group =
        ServiceConfig.definition().defaultValues().get(ServiceConfig.APPLICATION_ID).toString();
    assertThat(rights("blipstream"))
        .containsExactlyInAnyOrder(
            "topic literal images Describe,Read",
            "topic literal captions Describe,Write",
            "topic literal itm-confidence Describe,Write",
            "topic literal rejects Describe,Write",
            "group literal " + group + " Describe,Read",
            "transactionalId prefix " + group + "- Describe,Write");
  }

  @Test
  void shouldLetNobodyCreateAlterOrDeleteTopics() {
    for (JsonNode user : manifests("users")) {
      for (String right : rights(user.at("/metadata/name").asText())) {
        if (!right.startsWith("group")) {
          assertThat(right).doesNotContain("Create", "Alter", "Delete", "All");
        }
      }
    }
  }

  private static List<JsonNode> manifests(String file) {
    return Yaml.documents(Repository.text("deploy/strimzi/" + file + ".yaml"));
  }

  /** As "type pattern name operation,operation". */
  private static List<String> rights(String user) {
    List<String> rights = new ArrayList<>();
    for (JsonNode manifest : manifests("users")) {
      if (manifest.at("/metadata/name").asText().equals(user)) {
        for (JsonNode acl : manifest.at("/spec/authorization/acls")) {
          List<String> operations = new ArrayList<>();
          acl.path("operations").forEach(operation -> operations.add(operation.asText()));
          JsonNode resource = acl.path("resource");
          rights.add(
              String.join(
                  " ",
                  resource.path("type").asText(),
                  resource.path("patternType").asText(),
                  resource.path("name").asText(),
                  String.join(",", operations)));
        }
      }
    }
    return rights;
  }
}
