package io.blipstream.app.cli.soak;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the oracle found.
 *
 * @param inputs records sent
 * @param outcomes confidences and rejects of whole images
 * @param repeated outcomes beyond the first where they are allowed
 * @param breaches how often each promise was broken; every one is there, if only with 0
 * @param examples the first breaches, a sentence each
 */
public record Findings(
    long inputs, long outcomes, long repeated, Map<Breach, Long> breaches, List<String> examples) {

  public Findings {
    Map<Breach, Long> all = new EnumMap<>(Breach.class);
    for (Breach breach : Breach.values()) {
      all.put(breach, breaches.getOrDefault(breach, 0L));
    }
    breaches = all;
    examples = List.copyOf(examples);
  }

  public boolean allKept() {
    return breaches.values().stream().allMatch(count -> count == 0);
  }

  /**
   * Whether every image event has its one image-level outcome and every text its one caption or
   * reject (at least one, where that is the promise).
   */
  public boolean conserved() {
    return breaches.get(Breach.LOST) == 0
        && breaches.get(Breach.TEXT_LOST) == 0
        && breaches.get(Breach.DUPLICATED) == 0
        && breaches.get(Breach.WITHOUT_INPUT) == 0
        && breaches.get(Breach.WRONG_OUTCOME) == 0;
  }
}
