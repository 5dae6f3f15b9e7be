package io.blipstream.app.topology;

import io.blipstream.model.TextScore;
import io.blipstream.schemas.RejectStage;
import java.util.List;
import java.util.Optional;

/** What became of one image event: judged, or rejected as a whole. Exactly one of them each. */
public sealed interface ImageOutcome {

  /** Where the event lies. */
  Place place();

  /**
   * A judged image. It has one confidence record, and for each text one caption or one reject.
   *
   * @param texts the web texts in input order, then the synthetic ones
   */
  record Judged(Place place, String imageId, List<Verdict> texts) implements ImageOutcome {
    public Judged {
      texts = List.copyOf(texts);
    }
  }

  /**
   * A text with its scores and the filter's verdict.
   *
   * @param refusal why it was refused; empty if it was accepted
   */
  record Verdict(TextScore score, Optional<Refusal> refusal) {
    public boolean accepted() {
      return refusal.isEmpty();
    }
  }

  /**
   * An image that could not be judged. It has one reject record.
   *
   * @param imageId the event's, or the record's key where the event could not be read; empty if
   *     that is no text either
   */
  record Rejected(Place place, Optional<String> imageId, Refusal refusal) implements ImageOutcome {}

  /**
   * Why something was refused.
   *
   * @param reason a stable code
   * @param message one sentence for a person
   */
  record Refusal(RejectStage stage, String reason, String message) {}
}
