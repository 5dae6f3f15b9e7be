package io.blipstream.app.replay;

import io.blipstream.schemas.Reject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which rejects are sent back.
 *
 * @param stages names of {@link io.blipstream.schemas.RejectStage}; empty for all
 * @param reasons codes of {@link Reject}; empty for all
 * @param maxAttempts events that were sent back so often already are left alone
 */
public record Selection(Set<String> stages, Set<String> reasons, int maxAttempts) {

  private static final String ANY = "*";

  /** What may be written into a ledger without being taken for its punctuation. */
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_]+");

  public Selection {
    stages = Set.copyOf(stages);
    reasons = Set.copyOf(reasons);
    for (Set<String> codes : List.of(stages, reasons)) {
      for (String code : codes) {
        if (!CODE.matcher(code).matches()) {
          throw new IllegalArgumentException(
              "'%s' is no code such as FETCH_FAILED; write one for each --stage or --reason."
                  .formatted(code));
        }
      }
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "--max-attempts must be at least 1, but is %d.".formatted(maxAttempts));
    }
  }

  /** Whether the reject is of these stages and reasons, however often its event was sent. */
  boolean includes(Reject reject) {
    return (stages.isEmpty() || stages.contains(reject.getStage().name()))
        && (reasons.isEmpty() || reasons.contains(reject.getReason()));
  }

  /** The same as a list of simple patterns, one for each pair of stage and reason. */
  List<Stretches.Kind> kinds() {
    List<Stretches.Kind> kinds = new ArrayList<>();
    for (String stage : stages.isEmpty() ? Set.of(ANY) : stages) {
      for (String reason : reasons.isEmpty() ? Set.of(ANY) : reasons) {
        kinds.add(new Stretches.Kind(stage, reason, maxAttempts));
      }
    }
    return kinds;
  }
}
