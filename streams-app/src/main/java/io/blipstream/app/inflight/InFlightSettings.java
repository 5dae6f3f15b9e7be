package io.blipstream.app.inflight;

import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Set;

/**
 * What all tasks of a process share, and their bounds.
 *
 * @param inputTopics the source topics whose offsets are held
 * @param maxRecords in flight per task; at least twice the batch size times the devices, or a task
 *     that waits for its window starves the device
 * @param byteBudget bytes in flight, over all tasks
 * @param blocking how long a stream thread may wait for room between commits
 * @param traces reads from headers which trace a record belongs to
 */
public record InFlightSettings(
    Set<String> inputTopics,
    int maxRecords,
    ByteBudget byteBudget,
    OffsetLedger ledger,
    BlockingBudget blocking,
    Intake intake,
    InFlightGauge gauge,
    TextMapPropagator traces) {

  public InFlightSettings {
    inputTopics = Set.copyOf(inputTopics);
  }
}
