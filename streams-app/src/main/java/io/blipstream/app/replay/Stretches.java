package io.blipstream.app.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of one partition of rejects was dealt with, over all runs: for each kind of reject, the
 * stretches of offsets in which it was looked for.
 *
 * <p>A single offset cannot say that: after a run for one reason, and one for the last hour only, a
 * third run for all must send just what those two left. As text it is the metadata beside the
 * group's committed offset, so that it changes in the transaction that sends the events.
 */
final class Stretches {

  /** Kafka's default for {@code offset.metadata.max.bytes} is 4096. */
  static final int MAX_CHARS = 4_000;

  private static final String VERSION = "1";
  private static final String ANY = "*";

  /**
   * A kind of reject.
   *
   * @param stage its stage, or {@code *}
   * @param reason its reason, or {@code *}
   * @param maxAttempts events that were sent so often already are not of this kind
   */
  record Kind(String stage, String reason, int maxAttempts) {

    boolean covers(String ofStage, String ofReason, int attempts) {
      return (stage.equals(ANY) || stage.equals(ofStage))
          && (reason.equals(ANY) || reason.equals(ofReason))
          && attempts < maxAttempts;
    }
  }

  private final Map<Kind, TreeMap<Long, Long>> ends = new HashMap<>();

  /**
   * Reads what {@link #text} wrote; anything else, such as an offset of another program, is an
   * empty ledger.
   *
   * @param logStart stretches below it are forgotten: no reject is there any more
   */
  static Stretches parse(String text, long logStart) {
    Stretches stretches = new Stretches();
    String[] lines = text.split(";", -1);
    if (lines[0].equals(VERSION)) {
      for (int i = 1; i < lines.length; i++) {
        String[] halves = lines[i].split(":", 2);
        String[] kind = halves[0].split("/", -1);
        for (String stretch : halves[1].split(",", -1)) {
          String[] bounds = stretch.split("-", 2);
          stretches.add(
              new Kind(kind[0], kind[1], Integer.parseInt(kind[2])),
              Math.max(logStart, Long.parseLong(bounds[0])),
              Long.parseLong(bounds[1]));
        }
      }
    }
    return stretches;
  }

  String text() {
    return VERSION
        + ends.entrySet().stream()
            .map(
                entry ->
                    ";%s/%s/%d:"
                            .formatted(
                                entry.getKey().stage(),
                                entry.getKey().reason(),
                                entry.getKey().maxAttempts())
                        + entry.getValue().entrySet().stream()
                            .map(stretch -> stretch.getKey() + "-" + stretch.getValue())
                            .collect(Collectors.joining(",")))
            .sorted()
            .collect(Collectors.joining());
  }

  /** Whether a reject at this offset was dealt with. */
  boolean contains(String stage, String reason, int attempts, long offset) {
    return ends.entrySet().stream()
        .filter(entry -> entry.getKey().covers(stage, reason, attempts))
        .map(entry -> entry.getValue().floorEntry(offset))
        .anyMatch(stretch -> stretch != null && offset < stretch.getValue());
  }

  /** Adds a stretch, from an offset up to another that is not part of it. */
  void add(Kind kind, long from, long to) {
    if (from >= to) {
      return;
    }
    TreeMap<Long, Long> ofKind = ends.computeIfAbsent(kind, k -> new TreeMap<>());
    long start = from;
    long end = to;
    for (var near = ofKind.floorEntry(end);
        near != null && near.getValue() >= start;
        near = ofKind.floorEntry(end)) {
      start = Math.min(start, near.getKey());
      end = Math.max(end, near.getValue());
      ofKind.remove(near.getKey());
    }
    ofKind.put(start, end);
  }
}
