package io.blipstream.app.topology;

import io.blipstream.app.inflight.InFlightFailedException;
import io.blipstream.app.inflight.StoppedInRebalanceException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens when a stream thread dies: it is replaced, since its work is read again from
 * the held offsets, unless the cause would only kill the next one.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);

  private static final int MOST = 10;
  private static final Duration WITHIN = Duration.ofMinutes(5);

  private final ArrayDeque<Long> recent = new ArrayDeque<>();
  private Optional<Throwable> fatal = Optional.empty();

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
    if (failure instanceof StoppedInRebalanceException) {
      // The client is being closed; there is nobody to replace.
      LOG.warn("Ending a stream thread: {}", failure.getMessage());
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    if (!canPass(failure) || tooMany()) {
      LOG.error("Stopping: a stream thread failed and a new one would, too", failure);
      fatal = Optional.of(failure);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.warn("Replacing a stream thread that failed", failure);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** What stopped the service, if it stopped by itself. */
  synchronized Optional<Throwable> fatal() {
    return fatal;
  }

  private boolean tooMany() {
    long now = System.nanoTime();
    recent.addLast(now);
    while (now - recent.peekFirst() > WITHIN.toNanos()) {
      recent.removeFirst();
    }
    return recent.size() > MOST;
  }

  private static boolean canPass(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof Error
          || t instanceof InFlightFailedException
          || t instanceof MissingSourceTopicException
          || t instanceof AuthorizationException
          || t instanceof AuthenticationException) {
        return false;
      }
    }
    return true;
  }
}
