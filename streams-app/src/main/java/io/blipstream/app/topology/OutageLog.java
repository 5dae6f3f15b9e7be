package io.blipstream.app.topology;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that images wait for something that is away: when the first begins to, then how many do, at
 * most once in {@link #EVERY}, and when none does any more. With hundreds in flight that are tried
 * again every few seconds, a line for each would bury the rest of the log.
 */
final class OutageLog {

  static final Duration EVERY = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private final LongSupplier nanoTime;
  private final Set<Object> waiting = new HashSet<>();
  private long since;
  private long lastLine;

  OutageLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * An attempt failed and will be made again.
   *
   * @param attempt the same object each time
   */
  synchronized void waits(Object attempt, Throwable failure) {
    long now = nanoTime.getAsLong();
    boolean first = waiting.isEmpty();
    waiting.add(attempt);
    if (first) {
      since = now;
      lastLine = now;
      LOG.warn("Images wait, and are tried again, until this is over: {}", Failures.words(failure));
    } else if (now - lastLine >= EVERY.toNanos()) {
      lastLine = now;
      LOG.warn(
          "{} images wait, the first for {} s: {}",
          waiting.size(),
          Duration.ofNanos(now - since).toSeconds(),
          Failures.words(failure));
    }
  }

  /** An attempt has come to an end, whichever; most have never waited. */
  synchronized void ended(Object attempt) {
    if (waiting.remove(attempt) && waiting.isEmpty()) {
      LOG.info(
          "No image waits any more after {} s",
          Duration.ofNanos(nanoTime.getAsLong() - since).toSeconds());
    }
  }
}
