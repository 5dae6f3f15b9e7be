package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.topology.ImageOutcome;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Refusal;
import io.blipstream.app.topology.ImageOutcome.Rejected;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import io.blipstream.app.web.page.CardDesk.Arrival;
import java.time.Instant;
import java.util.Optional;

/**
 * A card as the browser gets it, its texts cut: a web text may be as long as a record.
 *
 * <p>Fields: {@code key, imageId, topic, partition, offset, at} (milliseconds since the epoch),
 * {@code serviceMs, ageMs, link}; of a judged image {@code texts} with {@code text, source, itm,
 * itc, accepted, reason}; of a rejected one {@code reject} with {@code stage, reason, message}.
 */
final class CardJson {

  private static final int TEXT_CHARS = 400;

  private CardJson() {}

  static ObjectNode of(
      String key, ImageOutcome outcome, Optional<Arrival> arrival, Instant at, long nanos) {
    ObjectNode card = JsonNodeFactory.instance.objectNode();
    card.put("key", key);
    card.put("topic", outcome.place().topic());
    card.put("partition", outcome.place().partition());
    card.put("offset", outcome.place().offset());
    card.put("at", at.toEpochMilli());
    arrival.ifPresent(
        came -> {
          card.put("serviceMs", Math.round((nanos - came.nanos()) / 1e5) / 10.0);
          card.put("ageMs", at.toEpochMilli() - came.sent().toEpochMilli());
          came.link().ifPresent(link -> card.put("link", cut(link)));
        });
    if (outcome instanceof Judged judged) {
      card.put("imageId", cut(judged.imageId()));
      ArrayNode texts = card.putArray("texts");
      judged.texts().forEach(verdict -> text(texts.addObject(), verdict));
    } else if (outcome instanceof Rejected rejected) {
      rejected.imageId().ifPresent(id -> card.put("imageId", cut(id)));
      refusal(card.putObject("reject"), rejected.refusal());
    }
    return card;
  }

  private static void text(ObjectNode text, Verdict verdict) {
    text.put("text", cut(verdict.score().text()));
    text.put("source", verdict.score().source().name());
    text.put("itm", verdict.score().itmProbability());
    text.put("itc", verdict.score().itcSimilarity());
    text.put("accepted", verdict.accepted());
    verdict.refusal().ifPresent(refusal -> text.put("reason", refusal.reason()));
  }

  private static void refusal(ObjectNode reject, Refusal refusal) {
    reject.put("stage", refusal.stage().name());
    reject.put("reason", refusal.reason());
    reject.put("message", cut(refusal.message()));
  }

  private static String cut(String text) {
    if (text.length() <= TEXT_CHARS) {
      return text;
    }
    // Not between the two halves of a character.
    int end = Character.isHighSurrogate(text.charAt(TEXT_CHARS - 1)) ? TEXT_CHARS - 1 : TEXT_CHARS;
    return text.substring(0, end) + "…";
  }
}
