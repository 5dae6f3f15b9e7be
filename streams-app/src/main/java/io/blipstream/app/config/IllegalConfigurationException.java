package io.blipstream.app.config;

/** Settings with which the service must not start; the message says what to change. */
public final class IllegalConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public IllegalConfigurationException(String message) {
    super(message);
  }

  public IllegalConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
