package io.blipstream.app.topology;

import io.blipstream.app.inflight.InFlight;
import io.blipstream.app.inflight.Output;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Rejected;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.RejectStage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes an image's outcome as records, none of them larger than allowed: a record that the broker
 * refuses would stop its partition for good.
 *
 * <p>A judged image gives one caption or one reject a text, then its confidence. If one of these
 * would be too large (a huge web text or attributes), the image is rejected instead. A reject that
 * is too large gives up, in this order: the end of the raw value; raw bytes and attributes; the
 * headers but its trace context, and the end of the key. It then says so in its message, and its
 * coordinates still lead to the input.
 */
final class OutcomeWriter {

  /** Room for the length prefixes of a Kafka record, more than they can take. */
  private static final int FRAMING_BYTES = 512;

  private static final int CUT_KEY_BYTES = 1024;

  private final Serializers serializers;
  private final OutcomeRecords records;
  private final int maxBytes;

  /** The three serializers of the output topics, with the names of topics. */
  record Serializers(
      String captionsTopic,
      Serializer<Caption> captions,
      String confidencesTopic,
      Serializer<ItmConfidence> confidences,
      String rejectsTopic,
      Serializer<Reject> rejects) {}

  OutcomeWriter(Serializers serializers, OutcomeRecords records, int maxBytes) {
    this.serializers = serializers;
    this.records = records;
    this.maxBytes = maxBytes;
  }

  /**
   * @throws RuntimeException that {@link Failures#mayPass} if the registry could not be asked
   */
  Outcome judged(InFlight<?> input, ImageEvent event, List<Verdict> verdicts) {
    List<Output> outputs = new ArrayList<>();
    Optional<byte[]> key = key(event);
    for (Verdict verdict : verdicts) {
      outputs.add(
          verdict.accepted()
              ? caption(key, records.caption(input, event, verdict))
              : reject(key, records.textReject(input, event, verdict), true));
    }
    outputs.add(confidence(key, records.confidence(input, event, verdicts)));
    if (outputs.stream().allMatch(output -> fits(output, input.headers()))) {
      return new Outcome(new Judged(Place.of(input), event.getId(), verdicts), outputs);
    }
    Refusal tooLarge =
        new Refusal(
            RejectStage.RECORD,
            "OUTCOME_TOO_LARGE",
            "The event's text, attributes and headers make a record of more than "
                + maxBytes
                + " bytes; send less with the image.");
    return rejected(input, Optional.of(event), tooLarge);
  }

  /**
   * @param event empty if the record could not be read
   * @throws RuntimeException that {@link Failures#mayPass} if the registry could not be asked
   */
  Outcome rejected(InFlight<?> input, Optional<ImageEvent> event, Refusal refusal) {
    Optional<byte[]> key = event.map(OutcomeWriter::key).orElse(input.key());
    Reject reject = records.imageReject(input, event, refusal);
    Rejected image =
        new Rejected(Place.of(input), Optional.ofNullable(reject.getImageId()), refusal);
    return new Outcome(image, List.of(cutToFit(key, reject, input)));
  }

  private Output cutToFit(Optional<byte[]> key, Reject reject, InFlight<?> input) {
    Output whole = reject(key, reject, true);
    if (fits(whole, input.headers())) {
      return whole;
    }
    if (reject.getRawValue() != null) {
      int raw = reject.getRawValue().remaining();
      long room = raw - (size(whole, input.headers()) - maxBytes) - FRAMING_BYTES;
      if (room > 0) {
        return reject(key, records.withRawValueCut(reject, (int) room), true);
      }
    }
    Reject bare = records.withoutBulk(reject);
    Output small = reject(key, bare, true);
    if (fits(small, input.headers())) {
      return small;
    }
    Optional<byte[]> cut = key.map(k -> Arrays.copyOf(k, Math.min(k.length, CUT_KEY_BYTES)));
    return reject(cut, records.withoutHeaders(bare), false);
  }

  private static Optional<byte[]> key(ImageEvent event) {
    return Optional.of(event.getId().getBytes(StandardCharsets.UTF_8));
  }

  private boolean fits(Output output, Headers headers) {
    return size(output, headers) <= maxBytes;
  }

  private static long size(Output output, Headers headers) {
    long size = FRAMING_BYTES;
    size += output.value().length;
    size += output.key().map(key -> key.length).orElse(0);
    if (output.keepsHeaders()) {
      for (Header header : headers) {
        // Keys are UTF-8 of up to three bytes a char; ten for the two lengths.
        size += 3L * header.key().length() + 10;
        size += header.value() == null ? 0 : header.value().length;
      }
    }
    return size;
  }

  private Output caption(Optional<byte[]> key, Caption caption) {
    return new Output(
        Nodes.CAPTIONS,
        key,
        serializers.captions().serialize(serializers.captionsTopic(), caption),
        true);
  }

  private Output confidence(Optional<byte[]> key, ItmConfidence confidence) {
    return new Output(
        Nodes.ITM_CONFIDENCE,
        key,
        serializers.confidences().serialize(serializers.confidencesTopic(), confidence),
        true);
  }

  private Output reject(Optional<byte[]> key, Reject reject, boolean keepsHeaders) {
    return new Output(
        Nodes.REJECTS,
        key,
        serializers.rejects().serialize(serializers.rejectsTopic(), reject),
        keepsHeaders);
  }
}
