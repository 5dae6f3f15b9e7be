package io.blipstream.app.inflight;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/** How full one task's window is; written by its stream thread, read by anyone. */
final class TaskGauge {

  private record Now(int records, long bytes, long heldOffsetLag, long oldestSince) {}

  private static final Now EMPTY = new Now(0, 0, 0, 0);

  private final TopicPartition partition;
  private volatile Now now = EMPTY;

  TaskGauge(TopicPartition partition) {
    this.partition = partition;
  }

  TopicPartition partition() {
    return partition;
  }

  <R> void show(InFlightWindow<R> window) {
    now =
        window
            .head()
            .map(
                head ->
                    new Now(
                        window.size(),
                        window.sizeInBytes(),
                        window.tail().orElse(head).offset() + 1 - head.offset(),
                        head.since()))
            .orElse(EMPTY);
  }

  TaskStatistics snapshot() {
    Now at = now;
    Duration oldest =
        at.records() == 0
            ? Duration.ZERO
            : Duration.ofNanos(Math.max(0, System.nanoTime() - at.oldestSince()));
    return new TaskStatistics(
        partition.topic(),
        partition.partition(),
        at.records(),
        at.bytes(),
        at.heldOffsetLag(),
        oldest);
  }
}
