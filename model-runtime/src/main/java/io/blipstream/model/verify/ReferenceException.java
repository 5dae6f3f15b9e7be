package io.blipstream.model.verify;

import java.io.IOException;

/** Thrown when a reference cannot be understood; its message names the file and the part. */
public final class ReferenceException extends IOException {

  private static final long serialVersionUID = 1L;

  ReferenceException(String message) {
    super(message);
  }

  ReferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
