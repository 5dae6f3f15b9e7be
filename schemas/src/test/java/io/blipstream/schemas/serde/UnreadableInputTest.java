package io.blipstream.schemas.serde;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.Samples;
import io.blipstream.schemas.serde.UnreadableRecordException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadableInputTest {

  private static final RegistrySettings MOCK = RegistrySettings.at("mock://unreadable");

  @ParameterizedTest
  @ValueSource(
      strings = {"", "00", "00000001", "ffd8ffe000104a464946", "7b226964223a317d", "00ffffffff00"})
  void shouldSayNotAvroWhenTheHeaderIsNotOfTheWireFormat(String hex) {
    assertUnreadable(HexFormat.of().parseHex(hex), Reason.NOT_AVRO);
  }

  @Test
  void shouldSayNotAvroForEveryTruncation() {
    byte[] whole = valid();
    for (int length = 0; length < whole.length; length++) {
      assertUnreadable(Arrays.copyOf(whole, length), Reason.NOT_AVRO);
    }
  }

  @Test
  void shouldSayNotAvroWhenBytesAreLeftOver() {
    byte[] whole = valid();
    assertUnreadable(Arrays.copyOf(whole, whole.length + 1), Reason.NOT_AVRO);
  }

  @Test
  void shouldSayUnknownSchemaWhenTheRegistryDoesNotKnowTheId() {
    byte[] message = valid();
    message[1] = 0x7f;
    assertThat(assertUnreadable(message, Reason.UNKNOWN_SCHEMA))
        .hasMessageContaining("does not know");
  }

  @Test
  void shouldSayIncompatibleSchemaWhenAnotherRecordWasWritten() {
    try (var captions = new RegistryAvroSerializer<io.blipstream.schemas.Coordinates>(MOCK)) {
      byte[] message =
          captions.serialize("else", new io.blipstream.schemas.Coordinates("images", 0, 1L));
      assertThat(assertUnreadable(message, Reason.INCOMPATIBLE_SCHEMA))
          .hasMessageContaining("io.blipstream.schemas.Coordinates");
    }
  }

  @ParameterizedTest
  @CsvSource({"PROTOBUF", "JSON"})
  void shouldSayIncompatibleSchemaWhenTheIdIsOfAnotherLanguage(String language) throws Exception {
    String body = "{\"schemaType\":\"" + language + "\",\"schema\":\"message M {}\"}";
    try (StubRegistry registry = StubRegistry.plain(r -> new StubRegistry.Answer(200, body))) {
      var thrown = failure(registry.url(), UnreadableRecordException.class);
      assertThat(thrown.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
    }
  }

  @Test
  void shouldNotBlameTheMessageWhenAReferenceCannotBeFetched() throws Exception {
    String body =
        "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"A\\\",\\\"fields\\\":[{\\\"name\\\":\\\"b\\\","
            + "\\\"type\\\":\\\"B\\\"}]}\",\"references\":[{\"name\":\"B\",\"subject\":\"b\",\"version\":1}]}";
    try (StubRegistry registry =
        StubRegistry.plain(
            r ->
                r.path().startsWith("/schemas")
                    ? new StubRegistry.Answer(200, body)
                    : new StubRegistry.Answer(
                        500, "{\"error_code\":50001,\"message\":\"down\"}"))) {
      failure(registry.url(), RegistryUnavailableException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500|{\"error_code\":50001,\"message\":\"store failed\"}",
        "503|busy",
        "401|{\"error_code\":40101,\"message\":\"no\"}",
        "403|{\"error_code\":40301,\"message\":\"no\"}",
        "404|<html>no such page</html>",
        "404|{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}",
        "200|not json"
      })
  void shouldNeverBlameTheMessageForARegistryThatFails(int status, String body) throws Exception {
    try (StubRegistry registry = StubRegistry.plain(r -> new StubRegistry.Answer(status, body))) {
      var thrown = failure(registry.url(), RegistryUnavailableException.class);
      assertThat(thrown)
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining(registry.url());
    }
  }

  @Test
  void shouldSayUnknownSchemaOnlyForConfluentsOwnCode() throws Exception {
    String body = "{\"error_code\":40403,\"message\":\"Schema 1 not found\"}";
    try (StubRegistry registry = StubRegistry.plain(r -> new StubRegistry.Answer(404, body))) {
      var thrown = failure(registry.url(), UnreadableRecordException.class);
      assertThat(thrown.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    }
  }

  @Test
  void shouldBeRetriableWhenNothingListensAndRecoverWhenItDoes() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    failure("http://127.0.0.1:" + port, RegistryUnavailableException.class);

    String schema = answer(ImageEvent.getClassSchema());
    boolean[] down = {true};
    try (StubRegistry registry =
            StubRegistry.plain(
                r ->
                    down[0]
                        ? new StubRegistry.Answer(503, "")
                        : new StubRegistry.Answer(200, schema));
        var deserializer =
            new RegistryAvroDeserializer<>(ImageEvent.class, RegistrySettings.at(registry.url()))) {
      assertThatThrownBy(() -> deserializer.deserialize("images", valid()))
          .isInstanceOf(RegistryUnavailableException.class);
      down[0] = false;
      assertThat(deserializer.deserialize("images", valid())).isEqualTo(Samples.imageEvent());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a bytes value of 2 GiB, 0261 02feffffff0f",
    "a bytes value of 2^62, 0261 02feffffffffffffff7f",
    "a bytes value of negative length, 0261 0201",
    "a map of 2^31 entries, 0261 0000000000 feffffff0f",
    "a map block of 2^62 bytes, 0261 0000000000 01feffffffffffffff7f",
    "a map of minus 2^63 entries, 0261 0000000000 ffffffffffffffffff0100",
    "a number without end, ffffffffffffffffffffffffff"
  })
  void shouldNotAllocateWhatALyingLengthClaims(String what, String hex) throws Exception {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(valid(), 0, WireFormat.HEADER_BYTES);
    message.write(HexFormat.of().parseHex(hex.replace(" ", "")));
    assertUnreadable(message.toByteArray(), Reason.NOT_AVRO); // loads the classes

    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    assertUnreadable(message.toByteArray(), Reason.NOT_AVRO);
    assertThat(memory.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(2_000_000L);
  }

  @Test
  void shouldNotCountTwoBillionItemsThatTakeNoBytes() throws Exception {
    Schema nulls =
        SchemaBuilder.record("ImageEvent")
            .fields()
            .name("nothing")
            .type()
            .array()
            .items()
            .nullType()
            .noDefault()
            .endRecord();
    assertTimeoutPreemptively(
        ofSeconds(60),
        () -> assertMalformed(nulls, "00 00 00 00 01 fe ff ff ff 0f 00", "more items"));
  }

  @Test
  void shouldNotOverflowTheStackOnARecursiveSchema() throws Exception {
    Schema list =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
    assertMalformed(list, "00 00 00 00 01" + " 02".repeat(500_000) + " 00", "nested");
  }

  @Test
  void shouldFailOnlyAsDeclaredOnTenThousandMutations() {
    byte[] whole = valid();
    Random random = new Random(20260301);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int readable = 0;
    try (var deserializer = new RegistryAvroDeserializer<>(ImageEvent.class, MOCK)) {
      for (int i = 0; i < 10_000; i++) {
        byte[] mutated = mutate(whole, random);
        long before = memory.getCurrentThreadAllocatedBytes();
        try {
          deserializer.deserialize("images", mutated);
          readable++;
        } catch (UnreadableRecordException e) {
          assertThat(e.reason()).isNotNull();
        }
        // The first ones load classes.
        assertThat(memory.getCurrentThreadAllocatedBytes() - before)
            .isLessThan(i < 100 ? Long.MAX_VALUE : 2_000_000L);
      }
    }
    // Flipped bits inside the picture or the text go unseen; most other mutations must not.
    assertThat(readable).isBetween(1, 9_000);
  }

  private static byte[] mutate(byte[] whole, Random random) {
    byte[] mutated = whole.clone();
    int changes = 1 + random.nextInt(4);
    for (int c = 0; c < changes; c++) {
      // Every second time behind the header, so that not all are unknown ids.
      int from = random.nextBoolean() ? WireFormat.HEADER_BYTES : 0;
      int at = from + random.nextInt(mutated.length - from);
      mutated[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
    }
    return random.nextInt(8) == 0
        ? Arrays.copyOf(mutated, random.nextInt(mutated.length * 2))
        : mutated;
  }

  private static byte[] valid() {
    try (var serializer = new RegistryAvroSerializer<ImageEvent>(MOCK)) {
      return serializer.serialize("images", Samples.imageEvent());
    }
  }

  private static String answer(Schema schema) throws IOException {
    return new ObjectMapper().writeValueAsString(Map.of("schema", schema.toString()));
  }

  private static UnreadableRecordException assertUnreadable(byte[] message, Reason reason) {
    try (var deserializer = new RegistryAvroDeserializer<>(ImageEvent.class, MOCK)) {
      var thrown =
          catchThrowableOfType(
              UnreadableRecordException.class, () -> deserializer.deserialize("images", message));
      assertThat(thrown).isNotNull();
      assertThat(thrown.reason()).as(thrown.getMessage()).isEqualTo(reason);
      return thrown;
    }
  }

  private static void assertMalformed(Schema writer, String hex, String why) throws IOException {
    String schema = answer(writer);
    byte[] message = HexFormat.ofDelimiter(" ").parseHex(hex);
    try (StubRegistry registry = StubRegistry.plain(r -> new StubRegistry.Answer(200, schema));
        var deserializer =
            new RegistryAvroDeserializer<>(ImageEvent.class, RegistrySettings.at(registry.url()))) {
      assertThatThrownBy(() -> deserializer.deserialize("images", message))
          .isInstanceOfSatisfying(
              UnreadableRecordException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.NOT_AVRO))
          .hasMessageContaining(why);
    }
  }

  private static <E extends Throwable> E failure(String url, Class<E> type) {
    try (var deserializer =
        new RegistryAvroDeserializer<>(ImageEvent.class, RegistrySettings.at(url))) {
      E thrown = catchThrowableOfType(type, () -> deserializer.deserialize("images", valid()));
      assertThat(thrown).isNotNull();
      return thrown;
    }
  }
}
