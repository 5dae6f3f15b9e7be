package io.blipstream.app.topology;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A line for each host in front of the threads that fetch: so many of a host's links are under way
 * at a time, and the others wait here without a thread. So a host that does not answer leaves
 * threads to the others.
 *
 * <p>Lines hold what is in flight, which the windows bound.
 */
final class FetchLines {

  private static final class Line {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;
  }

  private final Executor threads;
  private final int perHost;
  private final Map<String, Line> lines = new HashMap<>();

  FetchLines(Executor threads, int perHost) {
    this.threads = threads;
    this.perHost = perHost;
  }

  /**
   * Runs a task on one of the threads when it is its turn.
   *
   * @param host empty for a link without one, which waits for nobody
   */
  void submit(Optional<String> host, Runnable task) {
    if (host.isEmpty()) {
      threads.execute(task);
    } else if (mayStart(host.get(), task)) {
      start(host.get(), task);
    }
  }

  private synchronized boolean mayStart(String host, Runnable task) {
    Line line = lines.computeIfAbsent(host, h -> new Line());
    if (line.running == perHost) {
      line.waiting.add(task);
      return false;
    }
    line.running++;
    return true;
  }

  private void start(String host, Runnable task) {
    threads.execute(
        () -> {
          try {
            task.run();
          } finally {
            ended(host).ifPresent(next -> start(host, next));
          }
        });
  }

  private synchronized Optional<Runnable> ended(String host) {
    Line line = lines.get(host);
    Runnable next = line.waiting.poll();
    if (next == null) {
      line.running--;
      if (line.running == 0) {
        lines.remove(host);
      }
    }
    return Optional.ofNullable(next);
  }
}
