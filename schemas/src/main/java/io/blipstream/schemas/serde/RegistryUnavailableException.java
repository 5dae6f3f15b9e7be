package io.blipstream.schemas.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The registry gave no usable answer (unreachable, refused the credentials, failed inside), so
 * nothing is known about the message at hand: it must be tried again, never be rejected.
 */
public final class RegistryUnavailableException extends RetriableException {

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
