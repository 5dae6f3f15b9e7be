package io.blipstream.app.inflight;

import org.apache.kafka.streams.errors.StreamsException;

/** Thrown on the stream thread when the process, not the record, is at fault; nothing is lost. */
public final class InFlightFailedException extends StreamsException {

  private static final long serialVersionUID = 1L;

  public InFlightFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
