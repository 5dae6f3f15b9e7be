package io.blipstream.app.web.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.blipstream.schemas.ImageEvent;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes images from the page and sends them through Kafka. Whether bytes are an image is for the
 * service to say: what is none comes back as a reject.
 *
 * <p>Answers JSON: {@code imageId} once Kafka has the event, or {@code error}, a sentence.
 */
final class Uploads implements AutoCloseable {

  static final int MAX_TEXT_CHARS = 2000;

  private static final int MAX_NAME_CHARS = 60;

  /** Uploads in memory at the same time, each of the largest size at most. */
  private static final int MOST_WAITING = 4;

  private final ImageSubmission submission;
  private final Consumer<String> announced;
  private final long maxBytes;
  private final String life;
  private final AtomicLong number = new AtomicLong();
  private final ThreadPoolExecutor sending =
      new ThreadPoolExecutor(
          1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), Uploads::thread);

  /**
   * @param announced told of each id before it is sent
   */
  Uploads(ImageSubmission submission, Consumer<String> announced, long maxBytes, String life) {
    this.submission = submission;
    this.announced = announced;
    this.maxBytes = maxBytes;
    this.life = life;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "page-uploads");
    thread.setDaemon(true);
    return thread;
  }

  /** {@code POST ?text=…&name=…} with the image as body. */
  void take(Context request) {
    // No form of another site can send this type.
    if (!"application/octet-stream".equals(request.contentType())) {
      refuse(
          request,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "Send the image's bytes as application/octet-stream.");
      return;
    }
    String text = Optional.ofNullable(request.queryParam("text")).map(String::strip).orElse("");
    if (text.length() > MAX_TEXT_CHARS) {
      refuse(
          request,
          HttpStatus.BAD_REQUEST,
          "The text has %d characters; at most %d are taken."
              .formatted(text.length(), MAX_TEXT_CHARS));
      return;
    }
    byte[] image = request.bodyAsBytes();
    if (image.length == 0) {
      refuse(request, HttpStatus.BAD_REQUEST, "The file is empty.");
    } else if (image.length > maxBytes) {
      refuse(
          request,
          HttpStatus.CONTENT_TOO_LARGE,
          "The file has %d bytes; at most %d are taken.".formatted(image.length, maxBytes));
    } else {
      send(request, image, text);
    }
  }

  private void send(Context request, byte[] image, String text) {
    String name = name(Optional.ofNullable(request.queryParam("name")).orElse(""));
    String id = "page-%s-%d-%s".formatted(life, number.incrementAndGet(), name);
    ImageEvent event =
        ImageEvent.newBuilder()
            .setId(id)
            .setContent(ByteBuffer.wrap(image))
            .setWebText(text.isEmpty() ? null : text)
            .setAttributes(Map.of("sentFrom", "page"))
            .build();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    try {
      announced.accept(id);
      sending.execute(() -> submit(event, sent));
    } catch (RejectedExecutionException e) {
      refuse(
          request,
          HttpStatus.SERVICE_UNAVAILABLE,
          "Several images are on their way already; try again in a moment.");
      return;
    }
    request.future(() -> sent.handle((done, failure) -> answer(request, id, failure)));
  }

  private void submit(ImageEvent event, CompletableFuture<Void> sent) {
    try {
      var unused =
          submission
              .submit(event)
              .whenComplete(
                  (acknowledged, failure) -> {
                    if (failure == null) {
                      sent.complete(null);
                    } else {
                      sent.completeExceptionally(failure);
                    }
                  });
    } catch (RuntimeException e) {
      sent.completeExceptionally(e);
    }
  }

  private static Void answer(Context request, String id, Throwable failure) {
    if (failure == null) {
      request.status(HttpStatus.ACCEPTED);
      json(request, "imageId", id);
    } else {
      refuse(request, HttpStatus.BAD_GATEWAY, "Kafka did not take it: " + failure.getMessage());
    }
    return null;
  }

  private static void refuse(Context request, HttpStatus status, String sentence) {
    request.status(status);
    json(request, "error", sentence);
  }

  private static void json(Context request, String field, String value) {
    request
        .contentType("application/json")
        .result(JsonNodeFactory.instance.objectNode().put(field, value).toString());
  }

  /** The file's name as part of an id: letters, digits and a few marks. */
  private static String name(String fileName) {
    String plain = fileName.replaceAll("[^\\p{L}\\p{N}._-]+", "-").replaceAll("^[-.]+", "");
    String cut = plain.substring(0, Math.min(plain.length(), MAX_NAME_CHARS));
    return cut.isEmpty() ? "image" : cut;
  }

  @Override
  public void close() {
    sending.shutdownNow();
  }
}
