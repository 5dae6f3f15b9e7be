package io.blipstream.app.inflight;

import java.time.Duration;

/**
 * The window of one task, which is one partition of the input.
 *
 * @param topic of the input
 * @param records in flight now
 * @param bytes of input in flight now
 * @param heldOffsetLag by how many offsets commits are held behind the newest record that was read
 * @param oldest how long the oldest record has been in flight; zero if there is none
 */
public record TaskStatistics(
    String topic, int partition, int records, long bytes, long heldOffsetLag, Duration oldest) {}
