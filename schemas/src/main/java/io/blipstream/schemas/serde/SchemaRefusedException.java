package io.blipstream.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;

/** The registry answered that it will not have, or does not have, the schema we write with. */
public final class SchemaRefusedException extends SerializationException {

  public SchemaRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
