package io.blipstream.app.topology;

import static io.blipstream.app.topology.StreamFixture.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.source.FetchException;
import io.blipstream.app.topology.StreamFixture.Written;
import io.blipstream.model.Judgement;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.RejectStage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way in which an image is rejected; each time the stream goes on with the next image. */
class RejectReasonsTest {

  private static final byte[] KEY = "the-id".getBytes(UTF_8);

  /** The only reject, after checking that a good image behind it was judged. */
  private static TestRecord<String, Reject> onlyReject(StreamFixture stream) throws Exception {
    stream.send(event("good", "IMG"));
    Written written = stream.results();
    assertThat(written.captions()).extracting(TestRecord::key).containsExactly("good");
    assertThat(written.confidences()).extracting(TestRecord::key).containsExactly("good");
    assertThat(written.rejects()).hasSize(1);
    assertThat(stream.counts().conservationGap()).isZero();
    Reject reject = written.rejects().get(0).value();
    assertThat(reject.getCoordinates()).isEqualTo(new Coordinates("images", 0, 0L));
    assertThat(reject.getText()).isNull();
    assertThat(reject.getMessage()).isNotBlank();
    return written.rejects().get(0);
  }

  private static void assertRefused(Reject reject, RejectStage stage, String reason) {
    assertThat(reject.getReason()).isEqualTo(reason);
    assertThat(reject.getStage()).isEqualTo(stage);
  }

  @ParameterizedTest
  @CsvSource({"'no avro at all', NOT_AVRO", "'', NOT_AVRO", "'\0\0\0#Exyz', UNKNOWN_SCHEMA"})
  void shouldRejectUnreadableBytesWithAllOfThem(String value, String reason) throws Exception {
    try (var stream = new StreamFixture()) {
      byte[] bytes = value.getBytes(UTF_8);
      stream.sendRaw(KEY, bytes);
      Reject reject = onlyReject(stream).value();
      assertRefused(reject, RejectStage.RECORD, reason);
      assertThat(reject.getRawKey()).isEqualTo(ByteBuffer.wrap(KEY));
      assertThat(reject.getRawValue()).isEqualTo(ByteBuffer.wrap(bytes));
      assertThat(reject.getImageId()).as("the key is the id").isEqualTo("the-id");
      assertThat(reject.getEventTime()).isNull();
    }
  }

  @Test
  void shouldRejectATruncatedEvent() throws Exception {
    try (var stream = new StreamFixture()) {
      byte[] whole = stream.serialized(event("a", "IMG").build());
      stream.sendRaw(KEY, Arrays.copyOf(whole, whole.length - 3));
      assertRefused(onlyReject(stream).value(), RejectStage.RECORD, "NOT_AVRO");
    }
  }

  @Test
  void shouldRejectANullValueAndANullKeyWithIt() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.sendRaw(null, null);
      TestRecord<String, Reject> record = onlyReject(stream);
      assertRefused(record.value(), RejectStage.RECORD, "NULL_VALUE");
      assertThat(record.key()).isEmpty();
      assertThat(record.value().getImageId()).isNull();
      assertThat(record.value().getRawValue()).isNull();
    }
  }

  @Test
  void shouldRejectAnEventWithoutAnImageUnderItsId() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(ImageEvent.newBuilder().setId("bare").setUri("  "));
      TestRecord<String, Reject> record = onlyReject(stream);
      assertRefused(record.value(), RejectStage.RECORD, "NO_IMAGE");
      assertThat(record.key()).isEqualTo("bare");
    }
  }

  @Test
  void shouldRejectAnEventWithTwoImages() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(event("two", "IMG").setUri("http://a/b.png"));
      assertRefused(onlyReject(stream).value(), RejectStage.RECORD, "AMBIGUOUS_IMAGE");
    }
  }

  @ParameterizedTest
  @CsvSource({"' ', BLANK_ID", "'', BLANK_ID", "LONG, ID_TOO_LONG"})
  void shouldRejectAnUnusableId(String id, String reason) throws Exception {
    try (var stream = new StreamFixture()) {
      String used = id.equals("LONG") ? "x".repeat(5000) : id;
      stream.sendRaw(KEY, stream.serialized(event(used, "IMG").build()));
      TestRecord<String, Reject> record = onlyReject(stream);
      assertRefused(record.value(), RejectStage.RECORD, reason);
      assertThat(record.key()).isEqualTo("the-id");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "'GIF? no', NOT_AN_IMAGE",
    "IMG unreadable=UNSUPPORTED_FORMAT, UNSUPPORTED_FORMAT",
    "IMG unreadable=TRUNCATED_OR_CORRUPT, TRUNCATED_OR_CORRUPT",
    "IMG unreadable=TOO_MANY_BYTES, TOO_MANY_BYTES",
    "IMG unreadable=TOO_MANY_PIXELS, TOO_MANY_PIXELS",
    "IMG crash, UNEXPECTED_FAILURE"
  })
  void shouldRejectBytesThatAreNoImage(String content, String reason) throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(event("a", content).setAttributes(Map.of("k", "v")).setWebText("text"));
      Reject reject = onlyReject(stream).value();
      assertRefused(reject, RejectStage.DECODE, reason);
      assertThat(reject.getImageId()).isEqualTo("a");
      assertThat(reject.getAttributes()).containsEntry("k", "v");
      assertThat(reject.getRawValue()).as("its coordinates lead to it").isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(FetchException.Reason.class)
  void shouldRejectALinkThatGivesNoImage(FetchException.Reason reason) throws Exception {
    try (var stream =
        new StreamFixture(
            Map.of(),
            uri -> {
              throw new FetchException(reason, "no " + uri);
            })) {
      stream.send(ImageEvent.newBuilder().setId("a").setUri("http://a/b.png"));
      Reject reject = onlyReject(stream).value();
      assertRefused(reject, RejectStage.FETCH, reason.name());
      assertThat(reject.getMessage()).isEqualTo("no http://a/b.png");
    }
  }

  @Test
  void shouldGiveUpALinkThatHangsAndDropWhatComesLate() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    try (var stream =
        new StreamFixture(
            Map.of("fetch.timeout.ms", 50),
            uri -> {
              try {
                hang.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return "IMG".getBytes(UTF_8);
            })) {
      stream.send(ImageEvent.newBuilder().setId("a").setUri("http://a/b.png"));
      assertRefused(onlyReject(stream).value(), RejectStage.FETCH, "FETCH_TIMEOUT");
      hang.countDown();
      stream.send(event("after", "IMG"));
      assertThat(stream.results().rejects()).hasSize(1);
    } finally {
      hang.countDown();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "IMG poison",
    "IMG synthetic=NaN",
    "IMG synthetic=1.5",
    "IMG synthetic=-0.5",
    "IMG itc=NaN",
    "IMG itc=7",
    "IMG synthetic=Infinity",
    "IMG web=NaN",
    "IMG web=-1",
    "IMG null",
    "IMG none",
    "IMG more",
    "IMG less",
    "IMG unasked",
    "IMG silent",
    "IMG wordless",
    "IMG other"
  })
  void shouldRejectWhatTheModelFailsOnAndNeverCallItAVerdict(String content) throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(event("a", content).setWebText("a text"));
      assertRefused(onlyReject(stream).value(), RejectStage.MODEL, "MODEL_FAILED");
    }
  }

  /** The negative control: the verdicts alone would take no number for a mismatch. */
  @Test
  void shouldTakeNoNumberForAVerdictWereJudgementsNotChecked() {
    var nan = new TextScore("a text", TextSource.SYNTHETIC, Float.NaN, 0);
    assertThat(new Verdicts(0.5).of(new Judgement("a", List.of(nan))))
        .singleElement()
        .satisfies(
            v -> assertThat(v.refusal().orElseThrow().reason()).isEqualTo("TEXT_NOT_MATCHED"));
  }

  @Test
  void shouldCutTheRawBytesOfARejectToWhatMayBeWritten() throws Exception {
    try (var stream = new StreamFixture(Map.of("output.max.bytes", 20_000), uri -> new byte[0])) {
      byte[] huge = new byte[5_000_000];
      Arrays.fill(huge, (byte) 'x');
      stream.sendRaw(KEY, huge);
      Reject reject = onlyReject(stream).value();
      assertRefused(reject, RejectStage.RECORD, "NOT_AVRO");
      assertThat(reject.getRawValue().remaining()).isBetween(15_000, 20_000);
      assertThat(reject.getMessage())
          .contains("the first " + reject.getRawValue().remaining() + " of 5000000 bytes");
      assertThat(reject.getRawKey()).isEqualTo(ByteBuffer.wrap(KEY));
    }
  }

  @Test
  void shouldDropHeadersButItsTraceAndCutTheKeyWhereEvenTheyAreTooLarge() throws Exception {
    try (var stream = new StreamFixture(Map.of("output.max.bytes", 20_000), uri -> new byte[0])) {
      var headers = new RecordHeaders().add("huge", new byte[30_000]);
      headers.add("traceparent", "kept".getBytes(UTF_8));
      stream.sendRaw("k".repeat(50_000).getBytes(UTF_8), new byte[] {1}, headers);
      TestRecord<String, Reject> record = onlyReject(stream);
      assertRefused(record.value(), RejectStage.RECORD, "NOT_AVRO");
      assertThat(record.key()).isEqualTo("k".repeat(1024));
      assertThat(record.headers()).extracting(Header::key).containsExactly("traceparent");
      assertThat(record.value().getMessage()).contains("Too large for its other headers");
    }
  }

  @Test
  void shouldRejectAnImageWhoseTextsAreTooLargeToWrite() throws Exception {
    try (var stream = new StreamFixture(Map.of("output.max.bytes", 20_000), uri -> new byte[0])) {
      stream.send(event("a", "IMG web=0.9").setWebText("w".repeat(30_000)));
      assertRefused(onlyReject(stream).value(), RejectStage.RECORD, "OUTCOME_TOO_LARGE");
    }
  }
}
