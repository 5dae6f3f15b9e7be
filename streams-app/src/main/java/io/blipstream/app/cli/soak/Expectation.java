package io.blipstream.app.cli.soak;

import io.blipstream.schemas.RejectStage;
import io.blipstream.schemas.TextSource;
import java.util.List;

/** What must come of one input, known before it is sent. */
public sealed interface Expectation {

  /** A text and whether it is kept. */
  record Text(TextSource source, String text, boolean kept) {}

  /** One confidence with these texts, in this order, and one caption or reject for each. */
  record Judged(List<Text> texts) implements Expectation {
    public Judged {
      texts = List.copyOf(texts);
    }
  }

  /** One reject of the whole image. */
  record Rejected(RejectStage stage, String reason) implements Expectation {}
}
