package io.blipstream.app.web.page;

import io.blipstream.schemas.ImageEvent;
import java.util.concurrent.CompletableFuture;

/** The way of an image from the page into Kafka. */
@FunctionalInterface
public interface ImageSubmission {

  /**
   * Sends an event; may wait while Kafka's client has no room.
   *
   * @return completed once Kafka has it, or with the failure, whose message is for a person
   */
  CompletableFuture<Void> submit(ImageEvent event);
}
