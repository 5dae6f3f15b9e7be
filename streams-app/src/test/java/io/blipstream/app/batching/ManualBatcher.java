package io.blipstream.app.batching;

import java.time.Duration;
import java.util.List;

/** A batcher with one device and no thread: the test is the thread. */
public final class ManualBatcher<I, O> {

  private final MicroBatcher<I, O> batcher;

  public ManualBatcher(int batchSize, BatchFunction<I, O> device) {
    batcher =
        new MicroBatcher<>(
            "manual",
            new BatcherSettings(batchSize, Long.MAX_VALUE, Duration.ZERO, Long.MAX_VALUE),
            Runnable::run,
            List.of(device));
  }

  public MicroBatcher<I, O>.Lane openLane() {
    return batcher.openLane();
  }

  /** Computes a batch of what is queued, if anything is. */
  public void serve() {
    batcher.serveOne(0);
  }

  public int queued() {
    return batcher.statistics().queuedItems();
  }

  public void close() {
    batcher.close(Duration.ofMillis(1));
  }
}
