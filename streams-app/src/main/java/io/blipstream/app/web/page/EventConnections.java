package io.blipstream.app.web.page;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.ServiceUnavailableResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Writes the events to each open page, from a thread of its own: a client that does not read holds
 * up that thread, until the server closes a connection on which nothing moves, and nothing else.
 */
final class EventConnections {

  private final EventStream events;
  private final Supplier<byte[]> greeting;
  private final Duration heartbeat;

  EventConnections(EventStream events, Supplier<byte[]> greeting, Duration heartbeat) {
    this.events = events;
    this.greeting = greeting;
    this.heartbeat = heartbeat;
  }

  void open(Context request) {
    // The browser's own reconnection brings the header, the page's the parameter.
    String lastEventId =
        Optional.ofNullable(request.header("Last-Event-ID"))
            .or(() -> Optional.ofNullable(request.queryParam("since")))
            .orElse("");
    EventClient client =
        events
            .open(lastEventId, greeting.get())
            .orElseThrow(
                () ->
                    new ServiceUnavailableResponse(
                        "As many pages are open as there may be; close one."));
    request
        .contentType("text/event-stream; charset=utf-8")
        .header(Header.CACHE_CONTROL, "no-store")
        .header("X-Accel-Buffering", "no");
    request.future(() -> written(request, client));
  }

  private CompletableFuture<Void> written(Context request, EventClient client) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Thread writer = new Thread(() -> write(request, client, over), "page-events");
    writer.setDaemon(true);
    writer.start();
    return over;
  }

  private void write(Context request, EventClient client, CompletableFuture<Void> over) {
    try {
      OutputStream out = request.res().getOutputStream();
      List<byte[]> frames = client.next(heartbeat);
      while (!frames.isEmpty()) {
        for (byte[] frame : frames) {
          out.write(frame);
        }
        out.flush();
        frames = client.next(heartbeat);
      }
    } catch (IOException e) {
      // The page is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      events.leave(client);
      over.complete(null);
    }
  }
}
