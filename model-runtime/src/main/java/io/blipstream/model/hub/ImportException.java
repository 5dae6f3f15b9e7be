package io.blipstream.model.hub;

import java.io.IOException;

/** Thrown when a checkpoint cannot be imported; its message says what to do. */
public final class ImportException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What kind of thing is in the way. */
  public enum Kind {
    /** A server does not answer, or only with failures that may pass: later it may. */
    UNREACHABLE,
    /** There is no such repository, revision or file. */
    NOT_FOUND,
    /** A token is missing, or has no right to this. */
    ACCESS,
    /** What came is not what was announced. */
    DAMAGED,
    /** What was asked for contradicts itself or what is there already. */
    WRONG_USE,
    /** Something on this machine: space, another import. */
    LOCAL
  }

  private final Kind kind;

  public ImportException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ImportException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
