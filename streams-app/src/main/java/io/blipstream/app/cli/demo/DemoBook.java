package io.blipstream.app.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.JudgedText;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.TextSource;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps the books of a demo from the committed records of the four topics: what was sent, what came
 * of it, and whether the two agree.
 */
public final class DemoBook {

  private final SceneEvents scenes;
  private final TopicNames topics;
  private final ConservationLedger ledger = new ConservationLedger();
  private final BitSet sent = new BitSet();
  private final Map<String, Long> rejects = new TreeMap<>();
  private long sentTwice;
  private long captions;
  private long confidences;
  private long outcomes;

  public DemoBook(SceneEvents scenes, TopicNames topics) {
    this.scenes = scenes;
    this.topics = topics;
  }

  /**
   * Enters a record.
   *
   * @param decode reads the record's value; not asked for images
   * @return a line for a person, if the record is an image's outcome
   */
  public Optional<String> enter(
      ConsumerRecord<byte[], byte[]> record,
      Function<ConsumerRecord<byte[], byte[]>, SpecificRecord> decode) {
    if (record.topic().equals(topics.images())) {
      ledger.image(record.partition(), record.offset());
      number(record).ifPresent(this::sent);
      return Optional.empty();
    }
    if (record.topic().equals(topics.captions())) {
      Coordinates place = ((Caption) decode.apply(record)).getCoordinates();
      captions++;
      ledger.text(place.getPartition(), place.getOffset());
      return Optional.empty();
    }
    SpecificRecord value = decode.apply(record);
    if (value instanceof ItmConfidence confidence) {
      Coordinates place = confidence.getCoordinates();
      confidences++;
      outcomes++;
      ledger.confidence(place.getPartition(), place.getOffset(), confidence.getTexts().size());
      return Optional.of(line(confidence));
    }
    return reject((Reject) value);
  }

  private Optional<String> reject(Reject reject) {
    Coordinates place = reject.getCoordinates();
    rejects.merge(reject.getReason(), 1L, Long::sum);
    if (reject.getText() != null) {
      ledger.text(place.getPartition(), place.getOffset());
      return Optional.empty();
    }
    outcomes++;
    ledger.imageReject(place.getPartition(), place.getOffset());
    return Optional.of(
        "%s  rejected %s: %s"
            .formatted(reject.getImageId(), reject.getReason(), reject.getMessage()));
  }

  private OptionalLong number(ConsumerRecord<byte[], byte[]> image) {
    return image.key() == null
        ? OptionalLong.empty()
        : scenes.number(new String(image.key(), StandardCharsets.UTF_8));
  }

  private void sent(long number) {
    int index = Math.toIntExact(number);
    if (sent.get(index)) {
      sentTwice++;
    }
    sent.set(index);
  }

  /** Numbers of the scenes that are in the topic of images. */
  public BitSet sent() {
    return (BitSet) sent.clone();
  }

  /** Records that are an image's outcome. */
  public long outcomes() {
    return outcomes;
  }

  public ConservationLedger ledger() {
    return ledger;
  }

  /** Whether the first so many scenes were sent once each, and everything sent has its outcome. */
  public boolean isComplete(long images) {
    return sent.nextClearBit(0) >= images && ledger.missing() == 0;
  }

  /** The summary, without the times. */
  public ObjectNode summary(boolean complete) {
    long pending = complete ? 0 : ledger.missing();
    long lost = ledger.missing() - pending;
    long duplicated = ledger.surplus() + sentTwice;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("images", ledger.images());
    json.put("captions", captions);
    json.put("confidences", confidences);
    ObjectNode reasons = json.putObject("rejects");
    rejects.forEach(reasons::put);
    json.put("pending", pending);
    json.put("lost", lost);
    json.put("duplicated", duplicated);
    json.put("conservation", lost == 0 && duplicated == 0);
    return json;
  }

  /** Captions first, then web texts. */
  private String line(ItmConfidence confidence) {
    StringBuilder captions = new StringBuilder();
    StringBuilder web = new StringBuilder();
    for (JudgedText text : confidence.getTexts()) {
      if (text.getSource() == TextSource.SYNTHETIC) {
        captions.append(
            String.format(
                Locale.ROOT,
                "  \"%s\" itm %.2f itc %+.2f%s",
                text.getText(),
                text.getItmProbability(),
                text.getItcSimilarity(),
                text.getAccepted() ? "" : " (rejected)"));
      } else {
        web.append(
            String.format(
                Locale.ROOT,
                "  | web \"%s\" itm %.2f: %s%s",
                text.getText(),
                text.getItmProbability(),
                text.getAccepted() ? "kept" : "rejected",
                truth(confidence.getImageId())));
      }
    }
    return confidence.getImageId() + captions + web;
  }

  private String truth(String id) {
    OptionalLong number = scenes.number(id);
    return number.isEmpty()
        ? ""
        : " (in truth " + scenes.truth(number.getAsLong()).name().toLowerCase(Locale.ROOT) + ")";
  }
}
