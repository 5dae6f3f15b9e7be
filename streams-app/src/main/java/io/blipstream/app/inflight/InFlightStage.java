package io.blipstream.app.inflight;

import org.apache.kafka.streams.processor.TaskId;

/**
 * What is done to records while they are in flight, off the stream thread.
 *
 * @param <R> the outcome
 */
@FunctionalInterface
public interface InFlightStage<R> {

  /** Begins the life of a task; called on its stream thread, once for every initialisation. */
  Lane<R> open(TaskId task);

  /** The way of one task's records through the stage. */
  interface Lane<R> extends AutoCloseable {

    /**
     * Takes a record on, without blocking and without throwing; sooner or later another thread
     * settles it.
     */
    void start(InFlight<R> record);

    /** The task is gone: work that was queued for it may be dropped. */
    @Override
    void close();
  }
}
