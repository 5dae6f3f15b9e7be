package io.blipstream.model.checkpoint.pickle;

import java.io.IOException;

/** Thrown when a pickle is refused; its message says what it holds and completes "The file …". */
public final class PickleException extends IOException {

  private static final long serialVersionUID = 1L;

  public PickleException(String message) {
    super(message);
  }
}
