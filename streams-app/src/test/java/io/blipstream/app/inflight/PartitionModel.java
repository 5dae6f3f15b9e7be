package io.blipstream.app.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What must be true of one partition, in the simplest words: a transaction holds outcomes, and a
 * commit makes them and an offset durable together. An outcome is named by its offset and by the
 * life of the task that began it.
 */
final class PartitionModel {

  /** The life of the task; results of an earlier one must never be seen. */
  int life;

  /** Next offset to read in this life. */
  long position;

  /** Lowest offset whose outcome was not forwarded in this life. */
  long unforwarded;

  long committed;
  private long durableOutcomes;
  private final List<String> transaction = new ArrayList<>();

  /** The task starts, or starts again: it reads from the committed offset. */
  void begin() {
    life++;
    transaction.clear();
    position = committed;
    unforwarded = committed;
  }

  static String outcome(long offset, int life) {
    return offset + " of life " + life;
  }

  void forwarded(List<String> outcomes) {
    for (String outcome : outcomes) {
      assertThat(outcome)
          .as("the next in order, of this life")
          .isEqualTo(outcome(unforwarded, life));
      transaction.add(outcome);
      unforwarded++;
    }
    assertThat(unforwarded).as("no outcome without input").isLessThanOrEqualTo(position);
  }

  /** Kafka Streams would commit its position; this is what reached the broker. */
  void committed(long offset) {
    assertThat(offset)
        .as("as far as was forwarded, and no further")
        .isEqualTo(unforwarded)
        .isGreaterThanOrEqualTo(committed);
    committed = offset;
    durableOutcomes += transaction.size();
    transaction.clear();
    assertThat(durableOutcomes).as("one outcome for each offset below").isEqualTo(committed);
  }

  OptionalLong held() {
    return unforwarded == position ? OptionalLong.empty() : OptionalLong.of(unforwarded);
  }
}
