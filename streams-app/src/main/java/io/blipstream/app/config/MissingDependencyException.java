package io.blipstream.app.config;

/** A service or topic that must be there before the start is not; the message names it. */
public final class MissingDependencyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MissingDependencyException(String message) {
    super(message);
  }

  public MissingDependencyException(String message, Throwable cause) {
    super(message, cause);
  }
}
