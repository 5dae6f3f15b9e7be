package io.blipstream.app.cli;

/** What a command tells the shell when it ends. */
public enum ExitStatus {
  DONE(0),
  /** Something was tried and failed. */
  FAILED(1),
  /** The command was called in a wrong way; trying again unchanged is of no use. */
  WRONG_USE(2),
  /** A service or a topic that is needed is not there; trying again later may help. */
  MISSING(3);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
