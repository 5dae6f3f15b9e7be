package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.BenchEvents;
import io.blipstream.app.cli.bench.Latencies;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sends images at an even pace, and takes the time from each one's creation to the moment at which
 * a reader of committed records has its outcome.
 *
 * <p>An image counts as created when it was due, not when it was sent: a sender that falls behind
 * must not make the service look quick. Outcomes carry the time of their input.
 */
final class BenchPace {

  /** Left out at the start, until everything has settled at this pace. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final BenchStage.Case stage;
  private final BenchEvents events;
  private final double rate;
  private final int images;
  private final long windowMillis;
  private final int windows;

  /**
   * @param rate images a second
   */
  BenchPace(BenchStage.Case stage, BenchEvents events, double rate, Duration window, int windows) {
    this.stage = stage;
    this.events = events;
    this.rate = rate;
    this.windowMillis = window.toMillis();
    this.windows = windows;
    this.images = (int) (rate * (SETTLE.toMillis() + windows * windowMillis + 500) / 1000);
  }

  int images() {
    return images;
  }

  /**
   * Sends all; returns when all outcomes were seen.
   *
   * @param first number of the first event
   */
  Latencies run(int first) throws InterruptedException, ExecutionException {
    try (TopicReader reader = stage.reader(List.of(stage.topics().itmConfidence()));
        BenchStage.Case.Feed feed = stage.feed()) {
      reader.fromEnd();
      long start = System.currentTimeMillis() + 200;
      Latencies latencies =
          new Latencies(
              start + SETTLE.toMillis(),
              windowMillis,
              windows,
              (int) (rate * windowMillis / 1000 * 1.1) + 16);
      CompletableFuture<Void> sending = new CompletableFuture<>();
      Thread sender = new Thread(() -> send(feed, first, start, sending), "bench-pace");
      sender.setDaemon(true);
      sender.start();
      try {
        see(reader, latencies, sending);
      } finally {
        sender.interrupt();
        sender.join();
      }
      sending.get();
      return latencies;
    }
  }

  private void see(TopicReader reader, Latencies latencies, CompletableFuture<Void> sending) {
    int seen = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (seen < images && !sending.isCompletedExceptionally()) {
      boolean some = false;
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        if (!some) {
          some = true;
          deadline = System.nanoTime() + PATIENCE.toNanos();
        }
        latencies.add(record.timestamp(), System.currentTimeMillis());
        seen++;
      }
      if (System.nanoTime() > deadline) {
        throw new CommandFailure(
            ExitStatus.FAILED,
            "Of %d images sent at an even pace only %d were answered.".formatted(images, seen));
      }
    }
  }

  private void send(
      BenchStage.Case.Feed feed, int first, long start, CompletableFuture<Void> done) {
    try {
      long offset = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
      for (int i = 0; i < images; i++) {
        long dueMillis = start + (long) (i * 1000.0 / rate);
        long wait = TimeUnit.MILLISECONDS.toNanos(dueMillis) + offset - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        feed.send(events, first + i, dueMillis);
      }
      done.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.complete(null);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }
}
