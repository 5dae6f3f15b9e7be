package io.blipstream.model;

/** Thrown when bytes cannot become an image; its reason is part of the reject record. */
public final class UnreadableImageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why an image cannot be judged. */
  public enum Reason {
    /** No bytes at all. */
    EMPTY,
    /** The first bytes belong to no image format that is read here. */
    NOT_AN_IMAGE,
    /** A known image format that is not read here, such as AVIF. */
    UNSUPPORTED_FORMAT,
    /** The data ends early or contradicts itself. */
    TRUNCATED_OR_CORRUPT,
    /** More bytes than the limit. */
    TOO_MANY_BYTES,
    /** The header announces more pixels than the limit; nothing was decoded. */
    TOO_MANY_PIXELS
  }

  private final Reason reason;

  public UnreadableImageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public UnreadableImageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
