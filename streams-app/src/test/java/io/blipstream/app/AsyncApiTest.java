package io.blipstream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.TopicNames;
import io.blipstream.app.replay.ReplayHeaders;
import io.blipstream.app.topology.BlipstreamTopology;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.avro.Schema;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code deploy/asyncapi.yaml} says what the service does, and says it as AsyncAPI 3.0 wants it.
 */
class AsyncApiTest {

  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What each channel carries, and how large its records may be. */
  private record Carried(String topicKey, Schema schema, int maxBytes) {}

  private static final Map<String, Carried> CHANNELS =
      Map.of(
          "images",
          new Carried(
              ServiceConfig.TOPIC_IMAGES, ImageEvent.getClassSchema(), TopicSpec.IMAGE_BYTES),
          "captions",
          new Carried(ServiceConfig.TOPIC_CAPTIONS, Caption.getClassSchema(), TopicSpec.TEXT_BYTES),
          "itmConfidence",
          new Carried(
              ServiceConfig.TOPIC_ITM_CONFIDENCE,
              ItmConfidence.getClassSchema(),
              TopicSpec.TEXT_BYTES),
          "rejects",
          new Carried(
              ServiceConfig.TOPIC_REJECTS, Reject.getClassSchema(), TopicSpec.REJECT_BYTES));

  private JsonNode contract;

  @BeforeEach
  void read() throws IOException {
    contract = new YAMLMapper().readTree(Files.readString(DEPLOY.resolve("asyncapi.yaml")));
  }

  @Test
  void shouldFollowTheSchemaOfAsyncApi() throws Exception {
    JsonSchema asyncApi = asyncApi();
    assertThat(asyncApi.validate(contract)).isEmpty();

    // Negative controls, one far down: the schema does see what is wrong.
    ((ObjectNode) contract.at("/operations/writeCaptions")).put("action", "publish");
    ((ObjectNode) contract.at("/channels/rejects/bindings/kafka")).put("partitions", 0);
    ((ObjectNode) contract.get("info")).remove("version");
    Set<ValidationMessage> wrong = asyncApi.validate(contract);
    assertThat(wrong)
        .extracting(message -> message.getInstanceLocation().toString())
        .anyMatch(place -> place.contains("writeCaptions"))
        .anyMatch(place -> place.contains("rejects"))
        .anyMatch(place -> place.contains("info"));
  }

  @Test
  void shouldOnlyReferToWhatIsThere() {
    Set<String> references = new HashSet<>();
    collect(contract, references);
    assertThat(references).hasSizeGreaterThan(20);
    for (String reference : references) {
      if (reference.startsWith("#")) {
        assertThat(contract.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
      } else {
        assertThat(DEPLOY.resolve(reference)).exists();
      }
    }
  }

  @Test
  void shouldNameTheTopicsThatAreTheDefaults() {
    Map<String, Object> defaults = ServiceConfig.definition().defaultValues();
    assertThat(contract.get("channels").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(CHANNELS.keySet());
    CHANNELS.forEach(
        (name, carried) -> {
          JsonNode channel = contract.at("/channels/" + name);
          Object topic = defaults.get(carried.topicKey());
          assertThat(channel.get("address").asText()).isEqualTo(topic);
          JsonNode kafka = channel.at("/bindings/kafka");
          assertThat(kafka.get("topic").asText()).isEqualTo(topic);
          assertThat(kafka.at("/topicConfiguration/max.message.bytes").asInt())
              .isEqualTo(carried.maxBytes());
        });
    assertThat(contract.at("/operations/readImages/bindings/kafka/groupId/default").asText())
        .isEqualTo(defaults.get(ServiceConfig.APPLICATION_ID));
    assertThat(contract.at("/servers/local/host").asText())
        .isEqualTo(defaults.get(ServiceConfig.BOOTSTRAP_SERVERS));
  }

  @Test
  void shouldReceiveWhereTheTopologyReadsAndSendWhereItWrites() {
    Map<String, String> actions = new TreeMap<>();
    for (JsonNode operation : contract.get("operations")) {
      JsonNode channel = contract.at(operation.at("/channel/$ref").asText().substring(1));
      actions.put(channel.get("address").asText(), operation.get("action").asText());
      // An operation may only name messages of its own channel.
      for (JsonNode message : operation.get("messages")) {
        assertThat(message.get("$ref").asText())
            .startsWith(operation.at("/channel/$ref").asText() + "/messages/");
      }
    }
    Map<String, String> nodes = new TreeMap<>();
    for (var subtopology : BlipstreamTopology.describe(TopicNames.DEFAULT).subtopologies()) {
      for (TopologyDescription.Node node : subtopology.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          source.topicSet().forEach(topic -> nodes.put(topic, "receive"));
        } else if (node instanceof TopologyDescription.Sink sink) {
          nodes.put(sink.topic(), "send");
        }
      }
    }
    assertThat(actions).isEqualTo(nodes);
  }

  @Test
  void shouldDescribeTheRecordsThatAreWritten() throws Exception {
    for (Map.Entry<String, Carried> entry : CHANNELS.entrySet()) {
      Schema schema = entry.getValue().schema();
      JsonNode messages = contract.at("/channels/" + entry.getKey() + "/messages");
      assertThat(messages).hasSize(1);
      JsonNode message = contract.at(messages.iterator().next().get("$ref").asText().substring(1));
      assertThat(message.get("name").asText()).isEqualTo(schema.getFullName());

      String file = message.at("/payload/schema/$ref").asText();
      assertThat(file).isEqualTo("schemas/" + schema.getName() + ".avsc");
      String text = Files.readString(DEPLOY.resolve(file), UTF_8);
      JsonNode compiled = plain(JSON.readTree(schema.toString()));
      assertThat(JSON.readTree(text))
          .as(
              "deploy/%s, which must be the schema with all it refers to:%n%s",
              file, compiled.toPrettyString())
          .isEqualTo(compiled);
      // Whoever has only this file can read the records.
      assertThat(new Schema.Parser().parse(text))
          .isEqualTo(new Schema.Parser().parse(compiled.toString()));
    }
  }

  @Test
  void shouldNameTheHeadersThatReplaySets() {
    JsonNode headers = contract.at("/components/schemas/headers");
    assertThat(headers.get("properties").fieldNames())
        .toIterable()
        .contains(ReplayHeaders.ATTEMPT, ReplayHeaders.REPLAY_OF)
        .filteredOn(name -> name.startsWith("blipstream"))
        .hasSize(2);
    assertThat(headers.get("additionalProperties").asBoolean()).isTrue();
    for (JsonNode message : contract.at("/components/messages")) {
      assertThat(message.at("/traits/0/$ref").asText())
          .isEqualTo("#/components/messageTraits/record");
    }
  }

  private static JsonSchema asyncApi() throws IOException {
    try (InputStream packed = AsyncApiTest.class.getResourceAsStream("/asyncapi/3.0.0.json.gz");
        InputStream in = new GZIPInputStream(packed)) {
      return JsonSchemaFactory.getInstance(VersionFlag.V7)
          .getSchema(URI.create("http://asyncapi.com/schema/3.0.0.json"), JSON.readTree(in));
    }
  }

  private static void collect(JsonNode node, Set<String> references) {
    if (node.isObject() && node.has("$ref")) {
      references.add(node.get("$ref").asText());
    }
    node.forEach(child -> collect(child, references));
  }

  /** The schema as it is written by hand: without what only Java's generated classes need. */
  private static JsonNode plain(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("avro.java.string");
      for (String name : List.copyOf(names(object))) {
        object.set(name, plain(object.get(name)));
      }
      boolean onlyType = object.size() == 1 && object.path("type").isTextual();
      return onlyType ? TextNode.valueOf(object.get("type").asText()) : object;
    }
    if (node.isArray()) {
      var plain = JSON.createArrayNode();
      node.forEach(child -> plain.add(plain(child)));
      return plain;
    }
    return node;
  }

  private static List<String> names(ObjectNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }
}
