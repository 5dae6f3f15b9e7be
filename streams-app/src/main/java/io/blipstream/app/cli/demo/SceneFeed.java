package io.blipstream.app.cli.demo;

import io.blipstream.schemas.ImageEvent;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Sends scenes one after the other, on a thread of its own, and never far ahead of their outcomes.
 *
 * <p>It may be started again where it was broken off: what is already in the topic is skipped, so
 * that over any number of starts every scene is sent once.
 */
public final class SceneFeed implements AutoCloseable {

  private static final int MOST_AHEAD = 256;

  private final SceneEvents scenes;
  private final OptionalLong images;
  private final BitSet sent;
  private final Consumer<ImageEvent> sender;
  private final Semaphore ahead;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final Thread thread = new Thread(this::feed, "scene-feed");

  /**
   * @param images how many scenes in all, those sent before included; empty for no end
   * @param sent numbers of the scenes that are in the topic
   * @param waiting how many of those have no outcome yet
   * @param sender takes events in order
   */
  public SceneFeed(
      SceneEvents scenes,
      OptionalLong images,
      BitSet sent,
      int waiting,
      Consumer<ImageEvent> sender) {
    this.scenes = scenes;
    this.images = images;
    this.sent = (BitSet) sent.clone();
    this.ahead = new Semaphore(MOST_AHEAD - waiting);
    this.sender = sender;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** To be told of every outcome, so that the feed goes on. */
  public void outcome() {
    ahead.release();
  }

  /** Whether every scene has been handed over. */
  public boolean isDone() {
    return finished.isDone() && !finished.isCompletedExceptionally();
  }

  /** Throws what broke the feed, if something did. */
  public void requireHealthy() {
    if (finished.isCompletedExceptionally()) {
      finished.join();
    }
  }

  /** Stops after the scene at hand. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void feed() {
    try {
      for (long number = 0; images.isEmpty() || number < images.getAsLong(); number++) {
        if (!sent.get(Math.toIntExact(number))) {
          ahead.acquire();
          sender.accept(scenes.event(number));
        }
      }
      finished.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Interrupted while it waits for room in the producer, if it is being closed.
      if (!thread.isInterrupted()) {
        finished.completeExceptionally(e);
      }
    }
  }
}
