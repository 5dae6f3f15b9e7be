package io.blipstream.app.cli;

import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.web.page.ImageSubmission;
import io.blipstream.schemas.ImageEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends what the page sends. It connects with the first image: a service that is only looked at
 * needs no right to write to its own input.
 */
final class PageSubmission implements ImageSubmission, AutoCloseable {

  private final Map<String, Object> kafka;
  private final Map<String, Object> registry;
  private final String topic;
  private Optional<EventSender> sender = Optional.empty();
  private boolean closed;

  PageSubmission(ServiceSettings settings) {
    this.kafka = new HashMap<>(settings.kafka());
    this.kafka.put("bootstrap.servers", settings.bootstrapServers());
    this.registry = settings.registry();
    this.topic = settings.topics().images();
  }

  @Override
  public synchronized CompletableFuture<Void> submit(ImageEvent event) {
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("The service is stopping."));
    }
    if (sender.isEmpty()) {
      sender = Optional.of(new EventSender(kafka, registry, topic, (id, why) -> {}));
    }
    return sender.get().deliver(event);
  }

  @Override
  public synchronized void close() {
    closed = true;
    sender.ifPresent(EventSender::close);
  }
}
