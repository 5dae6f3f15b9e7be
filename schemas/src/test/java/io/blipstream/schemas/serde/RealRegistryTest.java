package io.blipstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our records and our serde at a registry that others wrote and people run. */
@Timeout(600)
@TestMethodOrder(OrderAnnotation.class)
class RealRegistryTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static RealRegistry registry;

  /** Each test has topics of its own, since they share the registry. */
  private String prefix;

  private RecordSchemas schemas;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> archive = RealRegistry.archive();
    Assumptions.assumeTrue(archive.isPresent(), RealRegistry.MISSING);
    registry = RealRegistry.start(archive.orElseThrow(), folder);
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void ownTopics(TestInfo test) {
    prefix = test.getTestMethod().orElseThrow().getName() + ".";
    schemas =
        RecordSchemas.forTopics(
            prefix + "images", prefix + "captions", prefix + "itm-confidence", prefix + "rejects");
  }

  static Stream<SpecificRecord> records() {
    return Stream.of(
        Samples.imageEvent(), Samples.caption(), Samples.itmConfidence(), Samples.reject());
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldReadRecordsOfNewerAndOlderVersions(SpecificRecord sample) throws Exception {
    Schema ours = sample.getSchema();
    Schema newer = with(ours, optional("extra"));
    Schema older = without(ours, "attributes");
    String topic = prefix + ours.getName();
    protectedSubject(topic, ours);
    int newerId = register(topic, newer);
    int olderId = register(topic, older);

    GenericRecord fromNewer = as(newer, sample);
    fromNewer.put("extra", "from the future");
    assertThat(read(sample, topic, message(newerId, fromNewer))).isEqualTo(sample);

    SpecificRecord fromOlder = read(sample, topic, message(olderId, as(older, sample)));
    assertThat(fromOlder.get(position(ours, "attributes"))).isEqualTo(Map.of());
    for (Schema.Field field : older.getFields()) {
      assertThat(fromOlder.get(position(ours, field.name())))
          .isEqualTo(sample.get(position(ours, field.name())));
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldBeReadByNewerAndOlderReaders(SpecificRecord sample) throws Exception {
    Schema ours = sample.getSchema();
    String topic = prefix + ours.getName();
    protectedSubject(topic, ours);
    Schema newer = with(ours, optional("extra"));
    Schema older = without(ours, "attributes");
    register(topic, newer);
    register(topic, older);

    byte[] written = write(topic, sample);
    // The id in the message leads every reader to the schema that we wrote with.
    String answer = registry.get("/schemas/ids/" + id(written)).body();
    Schema writer = new Schema.Parser().parse(JSON.readTree(answer).get("schema").asText());
    assertThat(writer.getFields()).hasSameSizeAs(ours.getFields());
    assertThat(body(written, writer, newer).get("extra")).isNull();
    GenericRecord old = body(written, writer, older);
    assertThat(old).isEqualTo(as(older, sample));
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldHaveChangesRefusedThatAReaderWouldFailOn(SpecificRecord sample) throws Exception {
    Schema ours = sample.getSchema();
    String topic = prefix + ours.getName();
    Schema required = with(ours, new Schema.Field("extra", Schema.create(Schema.Type.STRING)));
    // Negative control: nothing refuses it where the compatibility was not set.
    register("unprotected." + topic, ours);
    register("unprotected." + topic, required);

    protectedSubject(topic, ours);
    assertThat(tryRegister(topic, required).statusCode()).isEqualTo(409);
    String mandatory =
        ours.getFields().stream()
            .filter(field -> !field.hasDefaultValue())
            .findFirst()
            .orElseThrow()
            .name();
    assertThat(tryRegister(topic, without(ours, mandatory)).statusCode()).isEqualTo(409);
  }

  @Test
  void shouldCompareWithEveryVersionAndNotOnlyTheLast() throws Exception {
    Schema ours = Caption.getClassSchema();
    protectedSubject(prefix, ours);
    register(prefix, with(ours, optional("extra")));
    register(prefix, without(ours, "attributes"));
    Schema.Field otherwise =
        new Schema.Field(
            "extra",
            Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.INT)),
            "Another thing of the same name.",
            Schema.Field.NULL_DEFAULT_VALUE);
    assertThat(tryRegister(prefix, with(ours, otherwise)).statusCode()).isEqualTo(409);
  }

  @Test
  void shouldProtectTheFourSubjects() throws Exception {
    RegistrySettings settings = RegistrySettings.at(registry.url());
    List<RecordSchemas.Registered> registered = schemas.register(settings);
    assertThat(registered).hasSize(4);
    for (RecordSchemas.Registered one : registered) {
      assertThat(registry.get("/config/" + one.subject()).body())
          .doesNotContain(RecordSchemas.COMPATIBILITY);
    }
    schemas.protect(settings);
    for (RecordSchemas.Registered one : registered) {
      assertThat(registry.get("/config/" + one.subject()).body())
          .contains(RecordSchemas.COMPATIBILITY);
    }
    assertThat(schemas.verify(settings)).isEqualTo(registered);
  }

  @Test
  void shouldSayAtStartWhichSubjectDoesNotGoWithOurs() throws Exception {
    RegistrySettings settings = RegistrySettings.at(registry.url());
    protectedSubject(prefix + "captions", Coordinates.getClassSchema());
    assertThatThrownBy(() -> schemas.requireUsable(settings))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining(prefix + "captions-value")
        .hasMessageContaining("io.blipstream.schemas.Caption")
        .hasMessageContaining("not compatible")
        .hasMessageContaining("Use another topic, or evolve the schema compatibly");
  }

  @Test
  void shouldSayAtStartThatImageEventsCannotBeRead() throws Exception {
    Schema ours = ImageEvent.getClassSchema();
    register(prefix + "images", without(ours, "id"));
    assertThatThrownBy(() -> schemas.requireUsable(RegistrySettings.at(registry.url())))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining(prefix + "images-value")
        .hasMessageContaining("cannot be read as io.blipstream.schemas.ImageEvent");
  }

  @Test
  void shouldSayAtStartWhichSchemaIsMissingIfItMayNotRegister() throws Exception {
    RegistrySettings mayNot =
        RegistrySettings.from(
            Map.of(RegistrySettings.URL, registry.url(), RegistrySettings.AUTO_REGISTER, false));
    assertThatThrownBy(() -> schemas.requireUsable(mayNot))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining(prefix + "captions-value")
        .hasMessageContaining(RegistrySettings.AUTO_REGISTER);
    schemas.register(RegistrySettings.at(registry.url()));
    schemas.requireUsable(mayNot);
  }

  @Test
  void shouldSaySoWhenTheCredentialsAreWrong() throws Exception {
    try (GuardedRegistry guarded = new GuardedRegistry(registry.url(), "svc", "right-s3cret")) {
      schemas.requireUsable(withCredentials(guarded, "svc:right-s3cret"));
      for (RegistrySettings refused :
          List.of(
              withCredentials(guarded, "svc:wrong-s3cret"),
              withCredentials(guarded, "else:right-s3cret"),
              RegistrySettings.at(guarded.url()))) {
        assertThatThrownBy(() -> schemas.requireUsable(refused))
            .isInstanceOf(RegistryUnavailableException.class)
            .hasMessageContaining(guarded.url())
            .hasMessageContaining("refused our credentials (HTTP 401)")
            .hasMessageNotContaining("s3cret");
      }
    }
  }

  /** Last, since the others share the process. */
  @Test
  @Order(Integer.MAX_VALUE)
  void shouldGoOnWithWhatItKnowsWhileTheRegistryIsAwayAndWithTheRestWhenItIsBack()
      throws Exception {
    RegistrySettings settings = RegistrySettings.at(registry.url());
    List<RecordSchemas.Registered> before = schemas.register(settings);
    String captions = prefix + "captions";
    int unseen = register(captions, with(Caption.getClassSchema(), optional("unseen")));
    try (var serializer = new RegistryAvroSerializer<Caption>(settings);
        var deserializer = new RegistryAvroDeserializer<>(Caption.class, settings)) {
      byte[] known = serializer.serialize(captions, Samples.caption());
      assertThat(deserializer.deserialize(captions, known)).isEqualTo(Samples.caption());
      byte[] unknown = known.clone();
      ByteBuffer.wrap(unknown).putInt(1, unseen);

      registry.close();
      assertThat(serializer.serialize(captions, Samples.caption())).isEqualTo(known);
      assertThat(deserializer.deserialize(captions, known)).isEqualTo(Samples.caption());
      assertThatThrownBy(() -> deserializer.deserialize(captions, unknown))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("schema id " + unseen);

      registry.start();
      // Its bytes lack that schema's field; now that this can be known, it is no outage any more.
      assertThatThrownBy(() -> deserializer.deserialize(captions, unknown))
          .isInstanceOf(UnreadableRecordException.class);
      assertThat(schemas.verify(settings)).isEqualTo(before);
    }
  }

  private static RegistrySettings withCredentials(GuardedRegistry registry, String userInfo) {
    Map<String, Object> config = new HashMap<>();
    config.put(RegistrySettings.URL, registry.url());
    config.put("basic.auth.credentials.source", "USER_INFO");
    config.put("basic.auth.user.info", userInfo);
    return RegistrySettings.from(config);
  }

  /**
   * Registers the first version of a subject and has it protected as {@link RecordSchemas} does.
   */
  private static void protectedSubject(String topic, Schema schema) throws Exception {
    register(topic, schema);
    try (RegistryClient client = new RegistryClient(RegistrySettings.at(registry.url()))) {
      client.setCompatibility(RegistrySettings.subject(topic, false), RecordSchemas.COMPATIBILITY);
    }
  }

  private static int register(String topic, Schema schema) throws Exception {
    HttpResponse<String> answer = tryRegister(topic, schema);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).get("id").asInt();
  }

  private static HttpResponse<String> tryRegister(String topic, Schema schema) throws Exception {
    return registry.post(
        "/subjects/" + RegistrySettings.subject(topic, false) + "/versions",
        JSON.writeValueAsString(Map.of("schema", schema.toString())));
  }

  private static byte[] write(String topic, SpecificRecord record) {
    try (var serializer =
        new RegistryAvroSerializer<SpecificRecord>(RegistrySettings.at(registry.url()))) {
      return serializer.serialize(topic, record);
    }
  }

  private static SpecificRecord read(SpecificRecord like, String topic, byte[] message) {
    try (var deserializer =
        new RegistryAvroDeserializer<>(like.getClass(), RegistrySettings.at(registry.url()))) {
      return deserializer.deserialize(topic, message);
    }
  }

  /** The same record, written with our schema and read as another version of it. */
  private static GenericRecord as(Schema version, SpecificRecord record) throws IOException {
    try (var serializer =
        new RegistryAvroSerializer<SpecificRecord>(RegistrySettings.at("mock://versions"))) {
      return body(serializer.serialize("any", record), record.getSchema(), version);
    }
  }

  private static GenericRecord body(byte[] message, Schema writer, Schema reader)
      throws IOException {
    var decoder =
        DecoderFactory.get()
            .binaryDecoder(
                message, WireFormat.HEADER_BYTES, message.length - WireFormat.HEADER_BYTES, null);
    return new GenericDatumReader<GenericRecord>(writer, reader).read(null, decoder);
  }

  private static byte[] message(int id, GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(WireFormat.HEADER_BYTES).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static int id(byte[] message) {
    return ByteBuffer.wrap(message).getInt(1);
  }

  private static int position(Schema schema, String field) {
    return schema.getField(field).pos();
  }

  private static Schema.Field optional(String name) {
    return new Schema.Field(
        name,
        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
        "A thing more.",
        Schema.Field.NULL_DEFAULT_VALUE);
  }

  private static Schema with(Schema schema, Schema.Field field) {
    List<Schema.Field> fields = copy(schema);
    fields.add(field);
    return record(schema, fields);
  }

  private static Schema without(Schema schema, String field) {
    List<Schema.Field> fields = copy(schema);
    assertThat(fields.removeIf(one -> one.name().equals(field))).isTrue();
    return record(schema, fields);
  }

  private static List<Schema.Field> copy(Schema schema) {
    List<Schema.Field> fields = new ArrayList<>();
    schema.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    return fields;
  }

  private static Schema record(Schema like, List<Schema.Field> fields) {
    return Schema.createRecord(like.getName(), like.getDoc(), like.getNamespace(), false, fields);
  }
}
