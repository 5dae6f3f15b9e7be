package io.blipstream.schemas.serde;

import java.util.List;
import org.apache.avro.Schema;

/**
 * A walk over an Avro body by the schema that wrote it, before Avro itself allocates anything.
 *
 * <p>What holds after it: every length lies inside the message; the items of all arrays and maps
 * together are no more than the message has bytes (an array of nulls costs no bytes, and two
 * billion of them would be a hang); nesting is at most {@value #MAX_DEPTH} deep (a recursive schema
 * would otherwise overflow the stack); and the body ends where the message ends. A body that passes
 * and still does not decode is one whose schema does not resolve to the reader's.
 */
final class BodyCheck {

  static final int MAX_DEPTH = 256;

  private final byte[] message;
  private int at;
  private long itemsLeft;

  private BodyCheck(byte[] message, int from) {
    this.message = message;
    this.at = from;
    this.itemsLeft = message.length;
  }

  /**
   * Checks the body that starts at {@code from}.
   *
   * @throws MalformedBodyException saying what is wrong and at which byte
   */
  static void check(Schema writer, byte[] message, int from) throws MalformedBodyException {
    BodyCheck walk = new BodyCheck(message, from);
    walk.value(writer, 0);
    if (walk.at != message.length) {
      throw walk.malformed((message.length - walk.at) + " bytes are left over after the record");
    }
  }

  private void value(Schema schema, int depth) throws MalformedBodyException {
    if (depth > MAX_DEPTH) {
      throw malformed("values are nested more than " + MAX_DEPTH + " deep");
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> {
        byte bit = message[take(1)];
        if (bit != 0 && bit != 1) {
          throw malformed("a boolean is neither 0 nor 1");
        }
      }
      case INT -> {
        long number = varint();
        if (number != (int) number) {
          throw malformed("an int has more than 32 bits");
        }
      }
      case LONG -> varint();
      case FLOAT -> take(Float.BYTES);
      case DOUBLE -> take(Double.BYTES);
      case FIXED -> take(schema.getFixedSize());
      case STRING, BYTES -> take(varint());
      case ENUM -> index(schema.getEnumSymbols().size(), "enum symbol");
      case UNION -> {
        List<Schema> branches = schema.getTypes();
        value(branches.get(index(branches.size(), "union branch")), depth + 1);
      }
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          value(field.schema(), depth + 1);
        }
      }
      case ARRAY -> blocks(schema.getElementType(), false, depth);
      case MAP -> blocks(schema.getValueType(), true, depth);
    }
  }

  /** Arrays and maps come as blocks, each with its count of items, up to an empty block. */
  private void blocks(Schema item, boolean keyed, int depth) throws MalformedBodyException {
    for (long count = varint(); count != 0; count = varint()) {
      if (count < 0) {
        long bytes = varint();
        if (bytes < 0 || bytes > message.length - at) {
          throw malformed("a block claims " + bytes + " bytes");
        }
        count = -count;
      }
      if (count < 0 || count > itemsLeft) {
        throw malformed("a block claims more items than the message has bytes");
      }
      itemsLeft -= count;
      for (long i = 0; i < count; i++) {
        if (keyed) {
          take(varint());
        }
        value(item, depth + 1);
      }
    }
  }

  private int index(int size, String what) throws MalformedBodyException {
    long index = varint();
    if (index < 0 || index >= size) {
      throw malformed("there is no " + what + " " + index);
    }
    return (int) index;
  }

  /** Steps over {@code length} bytes and gives where they start. */
  private int take(long length) throws MalformedBodyException {
    if (length < 0 || length > message.length - at) {
      throw malformed(
          "a value claims " + length + " bytes where " + (message.length - at) + " are left");
    }
    int start = at;
    at += (int) length;
    return start;
  }

  /** A zigzag variable-length number of at most ten bytes (Avro specification, binary encoding). */
  private long varint() throws MalformedBodyException {
    long bits = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = message[take(1)];
      bits |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw malformed("a number is longer than ten bytes");
  }

  private MalformedBodyException malformed(String what) {
    return new MalformedBodyException(what + " (at byte " + at + " of " + message.length + ")");
  }

  /** What is wrong with a body. */
  static final class MalformedBodyException extends Exception {
    MalformedBodyException(String message) {
      super(message);
    }
  }
}
