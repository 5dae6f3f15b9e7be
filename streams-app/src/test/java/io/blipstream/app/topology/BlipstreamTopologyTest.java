package io.blipstream.app.topology;

import static io.blipstream.app.topology.StreamFixture.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.JudgedText;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.TextSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class BlipstreamTopologyTest {

  @Test
  void shouldJudgeWebAndSyntheticTextIndependently() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(event("both", "IMG web=0.8;synthetic=0.9").setWebText("a dog"));
      stream.send(event("web", "IMG web=0.8;synthetic=0.1").setWebText("a dog"));
      stream.send(event("synthetic", "IMG web=0.2;synthetic=0.5").setWebText("a dog"));
      stream.send(event("neither", "IMG web=0.2;synthetic=0.49").setWebText("a dog"));
      var written = stream.results();
      assertThat(written.captions())
          .extracting(TestRecord::key, r -> r.value().getSource())
          .containsExactly(
              tuple("both", TextSource.WEB),
              tuple("both", TextSource.SYNTHETIC),
              tuple("web", TextSource.WEB),
              tuple("synthetic", TextSource.SYNTHETIC));
      assertThat(written.rejects())
          .extracting(TestRecord::key, r -> r.value().getSource(), r -> r.value().getReason())
          .containsExactly(
              tuple("web", TextSource.SYNTHETIC, "TEXT_NOT_MATCHED"),
              tuple("synthetic", TextSource.WEB, "TEXT_NOT_MATCHED"),
              tuple("neither", TextSource.WEB, "TEXT_NOT_MATCHED"),
              tuple("neither", TextSource.SYNTHETIC, "TEXT_NOT_MATCHED"));
      assertThat(written.confidences())
          .extracting(TestRecord::key)
          .containsExactly("both", "web", "synthetic", "neither");
      assertThat(written.confidences().get(1).value().getTexts())
          .extracting(JudgedText::getAccepted)
          .containsExactly(true, false);
    }
  }

  @Test
  void shouldGiveEachOfSeveralCaptionsItsOwnOutcome() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(
          event("several", "IMG web=0.8;caption=a cat/a dog/ /a cow;synthetic=0.9/0.2/0.9/0.7")
              .setWebText("an animal"));
      var written = stream.results();
      assertThat(written.captions())
          .extracting(r -> r.value().getSource(), r -> r.value().getText())
          .containsExactly(
              tuple(TextSource.WEB, "an animal"),
              tuple(TextSource.SYNTHETIC, "a cat"),
              tuple(TextSource.SYNTHETIC, "a cow"));
      assertThat(written.rejects())
          .extracting(r -> r.value().getText(), r -> r.value().getReason())
          .containsExactly(tuple("a dog", "TEXT_NOT_MATCHED"), tuple(" ", "EMPTY_TEXT"));
      assertThat(written.confidences().get(0).value().getTexts())
          .extracting(JudgedText::getText, JudgedText::getAccepted)
          .containsExactly(
              tuple("an animal", true),
              tuple("a cat", true),
              tuple("a dog", false),
              tuple(" ", false),
              tuple("a cow", true));
      assertThat(stream.counts().texts()).isEqualTo(5);
      assertThat(stream.counts().conservationGap()).isZero();
    }
  }

  @Test
  void shouldWriteEverythingThatRepeatsTheJudgement() throws Exception {
    try (var stream = new StreamFixture()) {
      var headers = new RecordHeaders().add("traceparent", "00-abc".getBytes(UTF_8));
      stream.send(event("first", "IMG"));
      var second =
          event("second", "IMG caption=a cat;synthetic=0.75;itc=0.4;web=0.25")
              .setWebText("wrong")
              .setEventTime(Instant.ofEpochMilli(123))
              .setAttributes(Map.of("camera", "7"))
              .build();
      stream.sendRaw("other key".getBytes(UTF_8), stream.serialized(second), headers);
      var written = stream.results();

      TestRecord<String, Caption> caption = written.captions().get(1);
      assertThat(caption.key()).as("the key is the image id").isEqualTo("second");
      assertThat(caption.timestamp()).as("the input's timestamp").isEqualTo(1001);
      assertThat(caption.headers().lastHeader("traceparent").value())
          .isEqualTo("00-abc".getBytes(UTF_8));
      assertThat(caption.value())
          .isEqualTo(
              Caption.newBuilder()
                  .setImageId("second")
                  .setText("a cat")
                  .setSource(TextSource.SYNTHETIC)
                  .setItmProbability(0.75f)
                  .setItcSimilarity(0.4f)
                  .setThreshold(0.5f)
                  .setCaptionerModel("cap")
                  .setCaptionerDigest("c0ffee")
                  .setFilterModel("fil")
                  .setFilterDigest("f00d")
                  .setMatching("itm first=cls")
                  .setDecoding("greedy max=20")
                  .setEventTime(Instant.ofEpochMilli(123))
                  .setCoordinates(new Coordinates("images", 0, 1L))
                  .setAttributes(Map.of("camera", "7"))
                  .build());

      Reject reject = written.rejects().get(0).value();
      assertThat(reject.getText()).isEqualTo("wrong");
      assertThat(reject.getStage()).isEqualTo(RejectStage.FILTER);
      assertThat(reject.getItmProbability()).isEqualTo(0.25f);
      assertThat(reject.getThreshold()).isEqualTo(0.5f);
      assertThat(reject.getRawValue()).isNull();

      ItmConfidence confidence = written.confidences().get(1).value();
      assertThat(confidence.getCoordinates()).isEqualTo(new Coordinates("images", 0, 1L));
      assertThat(confidence.getAttributes()).containsEntry("camera", "7");
      assertThat(written.captions().get(0).value().getEventTime())
          .as("an event without a time has its record's")
          .isEqualTo(Instant.ofEpochMilli(1000));
    }
  }

  @Test
  void shouldNotJudgeABlankWebText() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(event("a", "IMG").setWebText(" \t"));
      var written = stream.results();
      assertThat(written.confidences().get(0).value().getTexts())
          .extracting(JudgedText::getSource)
          .containsExactly(TextSource.SYNTHETIC);
      assertThat(written.rejects()).isEmpty();
    }
  }

  @Test
  void shouldRefuseAnEmptyCaptionWhateverItsScore() throws Exception {
    try (var stream = new StreamFixture()) {
      stream.send(event("a", "IMG caption= ;synthetic=0.99"));
      var written = stream.results();
      assertThat(written.captions()).isEmpty();
      assertThat(written.rejects())
          .extracting(r -> r.value().getReason())
          .containsExactly("EMPTY_TEXT");
      assertThat(written.confidences().get(0).value().getTexts())
          .extracting(JudgedText::getAccepted)
          .containsExactly(false);
    }
  }

  @Test
  void shouldKeepOrderAndConservationOverAWildMixture() throws Exception {
    try (var stream =
        new StreamFixture(Map.of("window.records", 64), BlipstreamTopologyTest::fetch)) {
      Random random = new Random(7);
      int count = 400;
      for (int i = 0; i < count; i++) {
        sendSomething(stream, "i" + i, random);
      }
      var written = stream.results();
      List<Long> outcomes =
          stream.outcomes.stream().map(outcome -> outcome.place().offset()).toList();
      assertThat(outcomes).isEqualTo(IntStream.range(0, count).mapToObj(i -> (long) i).toList());
      assertThat(written.confidences())
          .extracting(r -> r.value().getCoordinates().getOffset())
          .isSorted();
      assertThat(written.rejects())
          .extracting(r -> r.value().getCoordinates().getOffset())
          .isSorted();
      assertThat(written.captions())
          .extracting(r -> r.value().getCoordinates().getOffset())
          .isSorted();
      long imageRejects =
          written.rejects().stream().filter(r -> r.value().getText() == null).count();
      long texts = written.confidences().stream().mapToLong(r -> r.value().getTexts().size()).sum();
      assertThat(written.confidences().size() + imageRejects).isEqualTo(count);
      assertThat(written.captions().size() + written.rejects().size() - imageRejects)
          .isEqualTo(texts);
      OutcomeCounts counts = stream.counts();
      assertThat(counts.conservationGap()).isZero();
      assertThat(counts.images()).isEqualTo(count);
      assertThat(counts.imageRejects()).isEqualTo(imageRejects).isPositive();
      assertThat(counts.rejectsByReason().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(written.rejects().size());
    }
  }

  private static byte[] fetch(String uri) {
    return "IMG web=0.9".getBytes(UTF_8);
  }

  private static void sendSomething(StreamFixture stream, String id, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> stream.sendRaw(id.getBytes(UTF_8), null);
      case 1 -> stream.sendRaw(null, "no avro".getBytes(UTF_8));
      case 2 -> stream.send(event(id, "no image"));
      case 3 -> stream.send(event(id, "IMG poison"));
      case 4 -> stream.send(event(id, "x").setContent(null).setUri("http://a/" + id));
      default ->
          stream.send(
              event(
                      id,
                      "IMG web=%f;synthetic=%f/%f;caption=one%s"
                          .formatted(
                              random.nextFloat(),
                              random.nextFloat(),
                              random.nextFloat(),
                              "/another".repeat(random.nextInt(4))))
                  .setWebText(random.nextBoolean() ? "web" : null));
    }
  }

  @Test
  void shouldNameItsNodes() {
    String description = BlipstreamTopology.describe(TopicNames.DEFAULT).toString();
    assertThat(description)
        .contains("Source: images (topics: [images])")
        .contains("Processor: capfilt")
        .contains("Sink: itm-confidence (topic: itm-confidence)")
        .doesNotContain("0000");
  }
}
