package io.blipstream.app.source;

/** Thrown when an image link yields no image bytes; its reason is part of the reject record. */
public final class FetchException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why a link yielded nothing. */
  public enum Reason {
    /** The host could not be reached, answered with an error, or the link is malformed. */
    FETCH_FAILED,
    /** The link's scheme, host or address is not allowed here. */
    FETCH_FORBIDDEN,
    /** The time limit passed before the last byte. */
    FETCH_TIMEOUT,
    /** The host answered that there is no such image, or the file does not exist. */
    NOT_FOUND,
    /** More bytes than the limit; reading stopped there. */
    TOO_MANY_BYTES
  }

  private final Reason reason;

  public FetchException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public FetchException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Which of the closed set of reasons; the message has the particulars. */
  public Reason reason() {
    return reason;
  }
}
