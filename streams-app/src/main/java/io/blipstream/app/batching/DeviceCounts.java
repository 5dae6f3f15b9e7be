package io.blipstream.app.batching;

import java.util.concurrent.atomic.LongAdder;

/** What one device has done; written by its owner thread, read by anyone. */
final class DeviceCounts {

  final LongAdder batches = new LongAdder();
  final LongAdder items = new LongAdder();
  final LongAdder failedItems = new LongAdder();
  final LongAdder skippedItems = new LongAdder();
  final LongAdder failedBatches = new LongAdder();
  final LongAdder outOfMemory = new LongAdder();
  final LongAdder probes = new LongAdder();
  final LongAdder busyNanos = new LongAdder();
}
