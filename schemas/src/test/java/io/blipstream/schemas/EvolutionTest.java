package io.blipstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blipstream.schemas.registry.EmbeddedRegistry;
import io.blipstream.schemas.serde.RecordSchemas;
import io.blipstream.schemas.serde.RegistryAvroDeserializer;
import io.blipstream.schemas.serde.RegistrySettings;
import io.blipstream.schemas.serde.RegistryUnavailableException;
import io.blipstream.schemas.serde.SchemaRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the records may change, judged by the registry, and what old readers make of it. */
class EvolutionTest {

  private static final RecordSchemas SCHEMAS =
      RecordSchemas.forTopics("images", "captions", "itm-confidence", "rejects");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  @AutoClose private EmbeddedRegistry registry;

  static List<Schema> schemas() {
    return List.of(
        ImageEvent.getClassSchema(),
        Caption.getClassSchema(),
        ItmConfidence.getClassSchema(),
        Reject.getClassSchema());
  }

  @BeforeEach
  void start() throws IOException {
    registry = EmbeddedRegistry.start(folder, 0);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void shouldAllowAnOptionalFieldMoreInEveryRecord(Schema schema) throws Exception {
    assertThat(register("s", schema).statusCode()).isEqualTo(200);
    assertThat(register("s", withField(schema, optionalString())).statusCode()).isEqualTo(200);
    // FULL: the way back, to a version without the field, is as good.
    assertThat(register("s", schema).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void shouldRefuseARequiredFieldMoreInEveryRecord(Schema schema) throws Exception {
    register("s", schema);
    Schema.Field required = new Schema.Field("extra", Schema.create(Schema.Type.STRING), "Extra.");
    HttpResponse<String> refused = register("s", withField(schema, required));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("READER_FIELD_MISSING_DEFAULT_VALUE").contains("409");
  }

  @Test
  void shouldCompareWithEveryVersionAndNotOnlyTheLast() throws Exception {
    // 1: no "extra"; 2: an optional string; 3: none again. An optional boolean agrees with 3 but
    // not with 2.
    Schema plain = Coordinates.getClassSchema();
    register("s", plain);
    register("s", withField(plain, optionalString()));
    Schema documented =
        Schema.createRecord("Coordinates", "Other words.", plain.getNamespace(), false);
    documented.setFields(copy(plain.getFields()));
    assertThat(register("s", documented).statusCode()).isEqualTo(200);
    Schema.Field number =
        new Schema.Field(
            "extra",
            Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.BOOLEAN)),
            "Extra.",
            Schema.Field.NULL_DEFAULT_VALUE);
    assertThat(register("s", withField(plain, number)).statusCode()).isEqualTo(409);
  }

  @Test
  void shouldGiveEveryFieldADoc() {
    for (Schema schema : schemas()) {
      assertThat(schema.getDoc()).isNotBlank();
      assertThat(schema.getFields()).allSatisfy(f -> assertThat(f.doc()).isNotBlank());
    }
    assertThat(Coordinates.getClassSchema().getFields())
        .allSatisfy(f -> assertThat(f.doc()).isNotBlank());
    assertThat(JudgedText.getClassSchema().getFields())
        .allSatisfy(f -> assertThat(f.doc()).isNotBlank());
  }

  @Test
  void shouldReadANewerSymbolAsUnknownAndSkipANewerField() throws Exception {
    Schema newer =
        new Schema.Parser()
            .parse(
                withField(JudgedText.getClassSchema(), optionalString())
                    .toString()
                    .replace("\"SYNTHETIC\"]", "\"SYNTHETIC\",\"HUMAN\"]"));
    GenericRecord written = new GenericData.Record(newer);
    written.put("text", "a beetle");
    written.put("source", new GenericData.EnumSymbol(newer.getField("source").schema(), "HUMAN"));
    written.put("itmProbability", 1f);
    written.put("itcSimilarity", 1f);
    written.put("accepted", true);
    written.put("extra", "from the future");
    register("s", JudgedText.getClassSchema());
    String answer = register("s", newer).body();
    assertThat(answer).isEqualTo("{\"id\":2}");

    try (var deserializer =
        new RegistryAvroDeserializer<>(JudgedText.class, RegistrySettings.at(registry.url()))) {
      JudgedText read = deserializer.deserialize("s", message(2, written));
      assertThat(read).isEqualTo(new JudgedText("a beetle", TextSource.UNKNOWN, 1f, 1f, true));
    }
  }

  @Test
  void shouldRegisterTheFourSchemasAndFindThemAgain() {
    RegistrySettings settings = RegistrySettings.at(registry.url());
    assertThatThrownBy(() -> SCHEMAS.verify(settings))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("images-value")
        .hasMessageContaining("auto.register.schemas");
    List<RecordSchemas.Registered> registered = SCHEMAS.register(settings);
    assertThat(registered)
        .extracting(RecordSchemas.Registered::subject)
        .containsExactly("images-value", "captions-value", "itm-confidence-value", "rejects-value");
    assertThat(SCHEMAS.verify(settings)).isEqualTo(registered);
    assertThat(SCHEMAS.register(settings)).isEqualTo(registered);
  }

  @Test
  void shouldLetAServiceRegisterWhatItWritesAndLeaveItsInputToItsSenders() {
    RegistrySettings settings = RegistrySettings.at(registry.url());
    RegistrySettings mayNot =
        RegistrySettings.from(
            Map.of(RegistrySettings.URL, registry.url(), RegistrySettings.AUTO_REGISTER, false));
    assertThatThrownBy(() -> SCHEMAS.requireUsable(mayNot))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("captions-value");
    SCHEMAS.requireUsable(settings);
    SCHEMAS.requireUsable(mayNot);
    assertThatThrownBy(() -> SCHEMAS.verify(settings)).hasMessageContaining("images-value");
  }

  @Test
  void shouldRefuseAnInputWhoseRecordsCannotBeRead() throws Exception {
    register("images-value", Coordinates.getClassSchema());
    assertThatThrownBy(() -> SCHEMAS.requireUsable(RegistrySettings.at(registry.url())))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("images-value")
        .hasMessageContaining("cannot be read as io.blipstream.schemas.ImageEvent");
  }

  @Test
  void shouldTakeARegistryThatDoesNotAnswerForUnavailableAtStart() {
    registry.close();
    assertThatThrownBy(() -> SCHEMAS.requireUsable(RegistrySettings.at(registry.url())))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(registry.url());
  }

  @Test
  void shouldSayWhichSubjectIsTakenBySomethingIncompatible() throws Exception {
    register("captions-value", Coordinates.getClassSchema());
    assertThatThrownBy(() -> SCHEMAS.register(RegistrySettings.at(registry.url())))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("captions-value")
        .hasMessageContaining("io.blipstream.schemas.Caption")
        .hasMessageContaining("not compatible");
  }

  @Test
  void shouldSetCompatibilityOnlyWhenAskedTo() throws Exception {
    RegistrySettings settings = RegistrySettings.at(registry.url());
    SCHEMAS.register(settings);
    assertThat(get("/config/rejects-value").statusCode()).isEqualTo(404);
    SCHEMAS.protect(settings);
    assertThat(get("/config/rejects-value").body()).contains("FULL_TRANSITIVE");
  }

  @Test
  void shouldNotRegisterWhenToldNotTo() throws Exception {
    RegistrySettings settings =
        RegistrySettings.from(
            Map.of(RegistrySettings.URL, registry.url(), RegistrySettings.AUTO_REGISTER, "false"));
    try (var serializer =
        new io.blipstream.schemas.serde.RegistryAvroSerializer<Caption>(settings)) {
      assertThatThrownBy(() -> serializer.serialize("captions", Samples.caption()))
          .isInstanceOf(SchemaRefusedException.class);
      assertThat(get("/subjects").body()).isEqualTo("[]");
      SCHEMAS.register(settings);
      assertThat(serializer.serialize("captions", Samples.caption())).isNotEmpty();
    }
  }

  @Test
  void shouldRefuseSettingsThatItWouldOtherwiseIgnore() {
    assertThatThrownBy(() -> RegistrySettings.from(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url");
    assertThatThrownBy(
            () ->
                RegistrySettings.from(
                    Map.of("schema.registry.url", "mock://x", "use.latest.version", true)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("use.latest.version");
    assertThatThrownBy(
            () ->
                RegistrySettings.from(
                    Map.of("schema.registry.url", "mock://x", "auto.register.schemas", "maybe")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("maybe");
  }

  @Test
  void shouldKeepSecretsOutOfWhatIsPrinted() {
    RegistrySettings settings =
        RegistrySettings.from(
            Map.of(
                "schema.registry.url",
                "http://me:hush@localhost:1,http://localhost:2/",
                "basic.auth.user.info",
                "me:hush"));
    assertThat(settings.toString()).doesNotContain("hush").contains("localhost:1");
    assertThat(settings.urls()).hasSize(2).last().isEqualTo("http://localhost:2");
  }

  private static Schema.Field optionalString() {
    return new Schema.Field(
        "extra",
        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
        "Extra.",
        Schema.Field.NULL_DEFAULT_VALUE);
  }

  private static Schema withField(Schema schema, Schema.Field field) {
    List<Schema.Field> fields = copy(schema.getFields());
    fields.add(field);
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  private static List<Schema.Field> copy(List<Schema.Field> fields) {
    List<Schema.Field> copies = new ArrayList<>();
    fields.forEach(f -> copies.add(new Schema.Field(f, f.schema())));
    return copies;
  }

  private static byte[] message(int id, GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {0, 0, 0, 0, (byte) id});
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(registry.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> register(String subject, Schema schema) throws Exception {
    String body =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .writeValueAsString(Map.of("schema", schema.toString()));
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + subject + "/versions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
