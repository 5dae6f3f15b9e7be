package io.blipstream.app.topology;

import io.blipstream.app.inflight.InFlight;
import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.model.ModelDescription;
import io.blipstream.model.TextScore;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.JudgedText;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.TextSource;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fills the three output records from an input, its verdicts, and what judged it. */
final class OutcomeRecords {

  /** A person reads it; a cause quoted in it may be as long as its input. */
  private static final int MAX_MESSAGE_CHARS = 1000;

  private final ModelDescription model;
  private final float threshold;

  OutcomeRecords(ModelDescription model, float threshold) {
    this.model = model;
    this.threshold = threshold;
  }

  Caption caption(InFlight<?> input, ImageEvent event, Verdict verdict) {
    TextScore score = verdict.score();
    return Caption.newBuilder()
        .setImageId(event.getId())
        .setText(score.text())
        .setSource(source(score))
        .setItmProbability(score.itmProbability())
        .setItcSimilarity(score.itcSimilarity())
        .setThreshold(threshold)
        .setCaptionerModel(model.captioner())
        .setCaptionerDigest(model.captionerDigest())
        .setFilterModel(model.filter())
        .setFilterDigest(model.filterDigest())
        .setMatching(model.matching())
        .setDecoding(model.decoding())
        .setEventTime(eventTime(input, event))
        .setCoordinates(coordinates(input))
        .setAttributes(event.getAttributes())
        .build();
  }

  ItmConfidence confidence(InFlight<?> input, ImageEvent event, List<Verdict> verdicts) {
    List<JudgedText> texts =
        verdicts.stream()
            .map(
                verdict ->
                    JudgedText.newBuilder()
                        .setText(verdict.score().text())
                        .setSource(source(verdict.score()))
                        .setItmProbability(verdict.score().itmProbability())
                        .setItcSimilarity(verdict.score().itcSimilarity())
                        .setAccepted(verdict.accepted())
                        .build())
            .toList();
    return ItmConfidence.newBuilder()
        .setImageId(event.getId())
        .setTexts(texts)
        .setThreshold(threshold)
        .setFilterModel(model.filter())
        .setFilterDigest(model.filterDigest())
        .setMatching(model.matching())
        .setEventTime(eventTime(input, event))
        .setCoordinates(coordinates(input))
        .setAttributes(event.getAttributes())
        .build();
  }

  Reject textReject(InFlight<?> input, ImageEvent event, Verdict verdict) {
    TextScore score = verdict.score();
    Refusal refusal = verdict.refusal().orElseThrow();
    return Reject.newBuilder()
        .setImageId(event.getId())
        .setStage(refusal.stage())
        .setReason(refusal.reason())
        .setMessage(refusal.message())
        .setText(score.text())
        .setSource(source(score))
        .setItmProbability(score.itmProbability())
        .setItcSimilarity(score.itcSimilarity())
        .setThreshold(threshold)
        .setEventTime(eventTime(input, event))
        .setCoordinates(coordinates(input))
        .setAttributes(event.getAttributes())
        .build();
  }

  /** Carries the raw bytes if the record itself was at fault; else its coordinates lead to them. */
  Reject imageReject(InFlight<?> input, Optional<ImageEvent> event, Refusal refusal) {
    boolean recordAtFault = event.isEmpty() || refusal.stage() == RejectStage.RECORD;
    return Reject.newBuilder()
        .setImageId(event.map(ImageEvent::getId).or(() -> idFromKey(input)).orElse(null))
        .setStage(refusal.stage())
        .setReason(refusal.reason())
        .setMessage(shortened(refusal.message()))
        .setEventTime(event.map(e -> eventTime(input, e)).orElse(null))
        .setCoordinates(coordinates(input))
        .setRawKey(recordAtFault ? input.key().map(ByteBuffer::wrap).orElse(null) : null)
        .setRawValue(recordAtFault ? input.value().map(ByteBuffer::wrap).orElse(null) : null)
        .setRawValueSize(
            recordAtFault ? input.value().map(value -> value.length).orElse(null) : null)
        .setAttributes(event.map(ImageEvent::getAttributes).orElse(Map.of()))
        .build();
  }

  Reject withRawValueCut(Reject reject, int bytes) {
    ByteBuffer raw = reject.getRawValue();
    return Reject.newBuilder(reject)
        .setRawValue(raw.slice(raw.position(), bytes))
        .setMessage(
            reject.getMessage()
                + " (rawValue holds the first "
                + bytes
                + " of "
                + raw.remaining()
                + " bytes.)")
        .build();
  }

  Reject withoutBulk(Reject reject) {
    return Reject.newBuilder(reject)
        .setRawKey(null)
        .setRawValue(null)
        .setAttributes(Map.of())
        .setMessage(reject.getMessage() + " (Too large for its raw bytes and attributes.)")
        .build();
  }

  Reject withoutHeaders(Reject reject) {
    return Reject.newBuilder(reject)
        .setMessage(reject.getMessage() + " (Too large for its other headers and whole key.)")
        .build();
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE_CHARS
        ? message
        : message.substring(0, MAX_MESSAGE_CHARS) + "...";
  }

  /** The key of a record is its image's id, if it is text of a sane length. */
  private static Optional<String> idFromKey(InFlight<?> input) {
    return input
        .key()
        .filter(key -> key.length > 0 && key.length <= EventReader.MAX_ID_CHARS)
        .flatMap(
            key -> {
              try {
                return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString());
              } catch (CharacterCodingException e) {
                return Optional.empty();
              }
            });
  }

  private static Coordinates coordinates(InFlight<?> input) {
    return Coordinates.newBuilder()
        .setTopic(input.partition().topic())
        .setPartition(input.partition().partition())
        .setOffset(input.offset())
        .build();
  }

  private static Instant eventTime(InFlight<?> input, ImageEvent event) {
    Instant own = event.getEventTime();
    return own == null ? Instant.ofEpochMilli(input.timestamp()) : own;
  }

  private static TextSource source(TextScore score) {
    return switch (score.source()) {
      case WEB -> TextSource.WEB;
      case SYNTHETIC -> TextSource.SYNTHETIC;
    };
  }
}
