package io.blipstream.app.cli;

/** Ends a command: one sentence for the person at the terminal, and a status for the shell. */
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  public CommandFailure(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  public CommandFailure(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  public ExitStatus status() {
    return status;
  }
}
