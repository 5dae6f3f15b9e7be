package io.blipstream.app.cli;

import java.util.Locale;

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

  /**
   * A contradiction in what was asked for; settings speak in half sentences, as parts of longer.
   */
  static CommandFailure wrongUse(IllegalArgumentException e) {
    String words = e.getMessage();
    return new CommandFailure(
        ExitStatus.WRONG_USE,
        words.substring(0, 1).toUpperCase(Locale.ROOT)
            + words.substring(1)
            + (words.endsWith(".") ? "" : "."),
        e);
  }

  public ExitStatus status() {
    return status;
  }
}
