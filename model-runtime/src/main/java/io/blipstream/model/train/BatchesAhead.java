package io.blipstream.model.train;

import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongToDoubleFunction;

/** Makes batches on threads of its own, a few steps before they are asked for. */
public final class BatchesAhead implements BatchSource, AutoCloseable {

  private static final int AHEAD = 4;

  private final BatchSource source;
  private final LongToDoubleFunction progress;
  private final long steps;
  private final ExecutorService threads;
  private final TreeMap<Long, CompletableFuture<TrainingBatch>> made = new TreeMap<>();

  /**
   * @param plan tells the progress at coming steps
   * @param threads that draw at the same time
   */
  public BatchesAhead(BatchSource source, TrainingPlan plan, int threads) {
    this.source = source;
    this.progress = plan::progress;
    this.steps = plan.steps();
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "batches");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public TrainingBatch batch(long step, double ignored) {
    made.headMap(step).clear();
    for (long next = step; next <= Math.min(step + AHEAD, steps - 1); next++) {
      made.computeIfAbsent(next, this::make);
    }
    return made.get(step).join();
  }

  private CompletableFuture<TrainingBatch> make(long step) {
    return CompletableFuture.supplyAsync(
        () -> source.batch(step, progress.applyAsDouble(step)), threads);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
