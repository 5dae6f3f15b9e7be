package io.blipstream.app.inflight;

/**
 * Whether records are still taken on. Stopped once, at shutdown, so that what is in flight can be
 * answered and committed before the stream threads end. What Kafka Streams has buffered by then
 * still comes: it enters the windows, which hold its offsets, but no work is begun on it.
 */
public final class Intake {

  private volatile boolean stopped;

  public void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }
}
