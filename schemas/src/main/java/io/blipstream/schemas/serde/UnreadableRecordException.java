package io.blipstream.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;

/** A message that can never be read, however often it is tried; its message says why. */
public final class UnreadableRecordException extends SerializationException {

  /** Why a message cannot be read. */
  public enum Reason {
    /** Not in Confluent's wire format, or its body does not follow the schema it names. */
    NOT_AVRO,
    /** The registry does not know the schema that the message names. */
    UNKNOWN_SCHEMA,
    /** Well-formed, but of a schema that does not resolve to the record expected here. */
    INCOMPATIBLE_SCHEMA
  }

  private final Reason reason;

  public UnreadableRecordException(Reason reason, String message) {
    this(reason, message, null);
  }

  public UnreadableRecordException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
