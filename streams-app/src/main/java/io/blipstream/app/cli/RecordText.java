package io.blipstream.app.cli;

import io.blipstream.schemas.Caption;
import io.blipstream.schemas.ImageEvent;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.JudgedText;
import io.blipstream.schemas.Reject;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/** Any of our records as one line for a person. */
final class RecordText {

  private RecordText() {}

  static String line(SpecificRecord record) {
    if (record instanceof ImageEvent image) {
      return "%s  %s%s"
          .formatted(
              image.getId(),
              image.getContent() == null
                  ? image.getUri()
                  : image.getContent().remaining() + " bytes",
              image.getWebText() == null ? "" : "  \"" + image.getWebText() + "\"");
    }
    if (record instanceof Caption caption) {
      return "%s  %s %s  \"%s\""
          .formatted(
              caption.getImageId(),
              lower(caption.getSource()),
              share(caption.getItmProbability()),
              caption.getText());
    }
    if (record instanceof ItmConfidence confidence) {
      return confidence.getImageId()
          + "  "
          + confidence.getTexts().stream()
              .map(RecordText::judged)
              .collect(Collectors.joining("  "));
    }
    if (record instanceof Reject reject) {
      return "%s  %s %s  %s"
          .formatted(
              reject.getImageId() == null ? "(no id)" : reject.getImageId(),
              lower(reject.getStage()),
              reject.getReason(),
              reject.getText() == null
                  ? reject.getMessage()
                  : "\"%s\" %s".formatted(reject.getText(), share(reject.getItmProbability())));
    }
    return record.toString();
  }

  static String share(Float value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String judged(JudgedText text) {
    return "%s %s %s \"%s\""
        .formatted(
            text.getAccepted() ? "+" : "-",
            lower(text.getSource()),
            share(text.getItmProbability()),
            text.getText());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
