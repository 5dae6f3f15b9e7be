package io.blipstream.app.topology;

import io.blipstream.app.inflight.Output;
import io.blipstream.app.topology.ImageOutcome.Judged;
import io.blipstream.app.topology.ImageOutcome.Rejected;
import io.blipstream.app.topology.ImageOutcome.Verdict;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Counts outcomes as they are forwarded. Records are counted from what is written, texts and images
 * from what was decided, so that the two can disagree if the law is broken.
 */
final class OutcomeCounter {

  private final LongAdder images = new LongAdder();
  private final LongAdder texts = new LongAdder();
  private final LongAdder captions = new LongAdder();
  private final LongAdder confidences = new LongAdder();
  private final LongAdder imageRejects = new LongAdder();
  private final LongAdder textRejects = new LongAdder();
  private final Map<String, LongAdder> byReason = new ConcurrentHashMap<>();

  void count(Outcome outcome) {
    images.increment();
    if (outcome.image() instanceof Judged judged) {
      texts.add(judged.texts().size());
      textRejects.add(written(outcome, Nodes.REJECTS));
      for (Verdict verdict : judged.texts()) {
        verdict.refusal().ifPresent(refusal -> reason(refusal.reason()));
      }
    } else if (outcome.image() instanceof Rejected rejected) {
      imageRejects.add(written(outcome, Nodes.REJECTS));
      reason(rejected.refusal().reason());
    }
    captions.add(written(outcome, Nodes.CAPTIONS));
    confidences.add(written(outcome, Nodes.ITM_CONFIDENCE));
  }

  OutcomeCounts snapshot() {
    SortedMap<String, Long> reasons =
        byReason.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, e -> e.getValue().sum(), Long::sum, TreeMap::new));
    return new OutcomeCounts(
        images.sum(),
        texts.sum(),
        captions.sum(),
        confidences.sum(),
        imageRejects.sum(),
        textRejects.sum(),
        reasons);
  }

  private void reason(String code) {
    byReason.computeIfAbsent(code, any -> new LongAdder()).increment();
  }

  private static long written(Outcome outcome, String sink) {
    long count = 0;
    for (Output output : outcome.outputs()) {
      count += output.sink().equals(sink) ? 1 : 0;
    }
    return count;
  }
}
