package io.blipstream.model.checkpoint;

import java.io.IOException;

/**
 * Thrown when a checkpoint cannot be used; its message names the file, the part, and what to do.
 */
public final class CheckpointException extends IOException {

  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
