package io.blipstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedRegistryTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String A = record("A", "");
  private static final String A_MORE =
      record("A", "{\"name\":\"x\",\"type\":\"int\",\"default\":0}");
  private static final String A_BROKEN = record("A", "{\"name\":\"y\",\"type\":\"int\"}");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void shouldServeConfluentsOwnClient() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      String subject = "a topic/with+odd%-value";
      assertThat(client.register(subject, new AvroSchema(A))).isEqualTo(1);
      assertThat(client.register(subject, new AvroSchema(A_MORE))).isEqualTo(2);
      assertThat(client.register("other", new AvroSchema(A))).isEqualTo(1);
      client.reset();
      assertThat(client.getAllSubjects()).containsExactly(subject, "other");
      assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
      assertThat(client.getId(subject, new AvroSchema(A_MORE))).isEqualTo(2);
      assertThat(client.getVersion(subject, new AvroSchema(A_MORE))).isEqualTo(2);
      assertThat(client.getSchemaById(1).canonicalString())
          .isEqualTo(new AvroSchema(A).canonicalString());
      assertThat(client.getLatestSchemaMetadata(subject).getVersion()).isEqualTo(2);
      assertThat(client.getSchemaMetadata(subject, 1).getId()).isEqualTo(1);
      assertThat(client.testCompatibility(subject, new AvroSchema(A_MORE))).isTrue();
      assertThat(client.testCompatibility(subject, new AvroSchema(A_BROKEN))).isFalse();
      assertThat(client.testCompatibilityVerbose(subject, new AvroSchema(A_BROKEN)))
          .anyMatch(why -> why.contains("READER_FIELD_MISSING_DEFAULT_VALUE"));
      assertThat(client.getCompatibility(null)).isEqualTo("FULL_TRANSITIVE");
    }
  }

  @Test
  void shouldRefuseWhatIsIncompatibleUntilTheLevelIsLowered() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      client.register("s", new AvroSchema(A));
      assertThatThrownBy(() -> client.register("s", new AvroSchema(A_BROKEN)))
          .isInstanceOfSatisfying(
              RestClientException.class,
              e -> {
                assertThat(e.getStatus()).isEqualTo(409);
                assertThat(e.getErrorCode()).isEqualTo(409);
              });
      // Old readers skip a new required field; only new readers miss it in old records.
      client.updateCompatibility("s", "FORWARD");
      assertThat(client.register("s", new AvroSchema(A_BROKEN))).isEqualTo(2);
    }
  }

  @Test
  void shouldKeepIdsAndLevelsOverARestart() throws Exception {
    int port;
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      port = URI.create(registry.url()).getPort();
      client.register("first", new AvroSchema(A));
      client.register("second", new AvroSchema(record("B", "")));
      client.updateCompatibility("second", "NONE");
    }
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, port);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      // In the other order: a registry that had forgotten would swap the ids.
      assertThat(client.register("second", new AvroSchema(record("B", "")))).isEqualTo(2);
      assertThat(client.register("first", new AvroSchema(A))).isEqualTo(1);
      assertThat(client.register("third", new AvroSchema(record("C", "")))).isEqualTo(3);
      assertThat(client.getCompatibility("second")).isEqualTo("NONE");
    }
  }

  @Test
  void shouldOutliveAHalfWrittenFile() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      client.register("first", new AvroSchema(A));
    }
    Files.writeString(folder.resolve("schemas.json.new"), "{\"compat");
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      assertThat(client.getId("first", new AvroSchema(A))).isEqualTo(1);
    }
  }

  @Test
  void shouldNotStartOverAFileThatItCannotRead() throws Exception {
    Files.writeString(folder.resolve("schemas.json"), "{\"compat");
    assertThatThrownBy(() -> EmbeddedRegistry.start(folder, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("schemas.json");
  }

  @Test
  void shouldLetOneRegistryOwnAFolder() throws Exception {
    try (EmbeddedRegistry first = EmbeddedRegistry.start(folder, 0)) {
      assertThat(first.url()).startsWith("http://127.0.0.1:");
      assertThatThrownBy(() -> EmbeddedRegistry.start(folder, 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
    EmbeddedRegistry.start(folder, 0).close();
  }

  @Test
  void shouldSayWhenThePortIsTaken() throws Exception {
    try (EmbeddedRegistry first = EmbeddedRegistry.start(folder.resolve("1"), 0)) {
      int port = URI.create(first.url()).getPort();
      assertThatThrownBy(() -> EmbeddedRegistry.start(folder.resolve("2"), port))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("choose another port");
      // The folder of the failed one must be free again.
      EmbeddedRegistry.start(folder.resolve("2"), 0).close();
    }
  }

  @Test
  void shouldStayUsableWhenItsFolderCannotBeWritten() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0);
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      Path blocked = Files.createDirectory(folder.resolve("schemas.json.new"));
      assertThatThrownBy(() -> client.register("s", new AvroSchema(A)))
          .isInstanceOfSatisfying(
              RestClientException.class, e -> assertThat(e.getStatus()).isEqualTo(500));
      assertThat(client.getAllSubjects()).isEmpty();
      Files.delete(blocked);
      assertThat(client.register("s", new AvroSchema(record("B", "")))).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "GET|/|-|200|0",
        "GET|/schemas/types|-|200|0",
        "GET|/subjects/known/versions/1|-|200|0",
        "GET|/subjects/unknown/versions|-|404|40401",
        "GET|/subjects/unknown/versions/latest|-|404|40401",
        "POST|/subjects/unknown|{\"schema\":\"\\\"int\\\"\"}|404|40401",
        "POST|/subjects/known|{\"schema\":\"\\\"int\\\"\"}|404|40403",
        "GET|/subjects/known/versions/2|-|404|40402",
        "GET|/subjects/known/versions/none|-|422|42202",
        "GET|/subjects/known/versions/0|-|422|42202",
        "GET|/schemas/ids/9|-|404|40403",
        "GET|/schemas/ids/nine|-|404|40403",
        "GET|/config/known|-|404|40408",
        "GET|/config/known?defaultToGlobal=true|-|200|0",
        "PUT|/config|{\"compatibility\":\"SOMEWHAT\"}|422|42203",
        "POST|/subjects/known/versions|{\"schema\":\"{\"}|422|42201",
        "POST|/subjects/known/versions|{\"schema\":\"{\\\"type\\\":\\\"nothing\\\"}\"}|422|42201",
        "POST|/subjects/known/versions|{\"schema\":\"\\\"int\\\"\",\"schemaType\":\"JSON\"}|422|42201",
        "POST|/subjects/known/versions|{\"schema\":\"\\\"int\\\"\",\"references\":[{\"name\":\"x\"}]}|422|42201",
        "POST|/subjects/known/versions|{}|422|42201",
        "POST|/subjects/known/versions|nonsense|400|400",
        "DELETE|/subjects/known|-|405|405",
        "GET|/nowhere|-|404|404"
      })
  void shouldAnswerWithConfluentsCodes(
      String method, String path, String body, int status, int code) throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0)) {
      send(
          registry,
          "POST",
          "/subjects/known/versions",
          JSON.writeValueAsString(Map.of("schema", A)));
      HttpResponse<String> answer = send(registry, method, path, body);
      JsonNode json = JSON.readTree(answer.body());
      assertThat(List.of(answer.statusCode(), json.path("error_code").asInt()))
          .as(answer.body())
          .containsExactly(status, code);
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains("application/vnd.schemaregistry.v1+json");
    }
  }

  @Test
  void shouldRefuseARequestThatIsTooLarge() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(folder, 0)) {
      String subject = URLEncoder.encode("s", StandardCharsets.UTF_8);
      assertThat(
              send(registry, "POST", "/subjects/" + subject + "/versions", " ".repeat(1_100_000))
                  .statusCode())
          .isEqualTo(413);
    }
  }

  private static HttpResponse<String> send(
      EmbeddedRegistry registry, String method, String path, String body) throws Exception {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(registry.url() + path)).method(method, publisher).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String record(String name, String fields) {
    return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + fields + "]}";
  }
}
