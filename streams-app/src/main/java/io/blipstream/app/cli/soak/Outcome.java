package io.blipstream.app.cli.soak;

import io.blipstream.schemas.Caption;
import io.blipstream.schemas.Coordinates;
import io.blipstream.schemas.ItmConfidence;
import io.blipstream.schemas.Reject;
import io.blipstream.schemas.RejectStage;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** An output record, as far as the oracle looks at it. */
public sealed interface Outcome {

  /** What every outcome says: the partition it lies in, the image's id, and whence it came. */
  record Origin(String liesIn, String imageId, Place from) {}

  Origin origin();

  /** The confidence record of an image that was judged. */
  record Confidence(Origin origin, List<Expectation.Text> texts) implements Outcome {}

  /** A caption, or the reject of a text. */
  record OfText(Origin origin, Expectation.Text text) implements Outcome {}

  /** The reject of a whole image. */
  record ImageReject(Origin origin, RejectStage stage, String reason) implements Outcome {}

  /** Reads an outcome out of an output record. */
  static Outcome of(String liesIn, SpecificRecord record) {
    if (record instanceof Caption caption) {
      return new OfText(
          origin(liesIn, caption.getImageId(), caption.getCoordinates()),
          new Expectation.Text(caption.getSource(), caption.getText(), true));
    }
    if (record instanceof ItmConfidence confidence) {
      return new Confidence(
          origin(liesIn, confidence.getImageId(), confidence.getCoordinates()),
          confidence.getTexts().stream()
              .map(t -> new Expectation.Text(t.getSource(), t.getText(), t.getAccepted()))
              .toList());
    }
    if (record instanceof Reject reject) {
      Origin origin = origin(liesIn, reject.getImageId(), reject.getCoordinates());
      return reject.getText() == null
          ? new ImageReject(origin, reject.getStage(), reject.getReason())
          : new OfText(origin, new Expectation.Text(reject.getSource(), reject.getText(), false));
    }
    throw new IllegalArgumentException("No output record: " + record.getSchema().getFullName());
  }

  private static Origin origin(String liesIn, String imageId, Coordinates at) {
    return new Origin(
        liesIn,
        imageId == null ? "" : imageId,
        new Place(at.getTopic(), at.getPartition(), at.getOffset()));
  }
}
