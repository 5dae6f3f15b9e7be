package io.blipstream.app.cli;

import io.blipstream.app.cli.soak.SoakEvents;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends the inputs of a soak at an even pace, on a thread of its own, until it is closed. */
final class SoakFeed implements AutoCloseable {

  private final EventSender sender;
  private final SoakEvents events;
  private final long intervalNanos;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread = new Thread(this::feed, "soak-feed");
  private volatile boolean stopped;

  /**
   * @param rate inputs a second
   */
  SoakFeed(EventSender sender, SoakEvents events, double rate) {
    this.sender = sender;
    this.events = events;
    this.intervalNanos = Math.round(Duration.ofSeconds(1).toNanos() / rate);
    thread.setDaemon(true);
    thread.start();
  }

  private void feed() {
    try {
      long due = System.nanoTime();
      for (long number = 0; !stopped; number++) {
        send(events.input(number));
        due += intervalNanos;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      }
      sender.flush();
      ended.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended.completeExceptionally(e);
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private void send(SoakEvents.Sent input) {
    if (input instanceof SoakEvents.Sent.Event event) {
      sender.send(event.event());
    } else if (input instanceof SoakEvents.Sent.Unreadable unreadable) {
      sender.send(unreadable.id(), unreadable.value().orElse(null));
    }
  }

  /** Stops sending; returns when all that was sent is acknowledged or given up. */
  void finish() {
    stopped = true;
    ended.join();
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
