package io.blipstream.schemas.serde;

import io.blipstream.schemas.serde.UnreadableRecordException.Reason;
import java.io.ByteArrayOutputStream;

/**
 * Confluent's wire format: a zero byte, the schema's id as a big-endian 32-bit integer, then the
 * record in Avro's binary encoding.
 */
public final class WireFormat {

  /** First byte of every message. */
  public static final byte MAGIC = 0;

  /** Bytes before the Avro body. */
  public static final int HEADER_BYTES = 5;

  private WireFormat() {}

  /**
   * The id of the schema that wrote this message.
   *
   * @throws UnreadableRecordException with NOT_AVRO when the header is not of this format
   */
  public static int schemaId(byte[] message) {
    if (message.length < HEADER_BYTES) {
      throw new UnreadableRecordException(
          Reason.NOT_AVRO,
          "The message has "
              + message.length
              + " bytes, fewer than the 5 of Confluent's wire format header.");
    }
    if (message[0] != MAGIC) {
      throw new UnreadableRecordException(
          Reason.NOT_AVRO,
          "The message starts with byte 0x%02x, not with the 0x00 of Confluent's wire format."
              .formatted(message[0] & 0xff));
    }
    int id =
        (message[1] & 0xff) << 24
            | (message[2] & 0xff) << 16
            | (message[3] & 0xff) << 8
            | (message[4] & 0xff);
    if (id < 0) {
      throw new UnreadableRecordException(
          Reason.NOT_AVRO, "The message names schema id " + id + ", and ids are never negative.");
    }
    return id;
  }

  static void writeHeader(ByteArrayOutputStream out, int schemaId) {
    out.write(MAGIC);
    out.write(schemaId >>> 24);
    out.write(schemaId >>> 16);
    out.write(schemaId >>> 8);
    out.write(schemaId);
  }
}
