package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Any of our records as plain JSON, with the schema's names; floats keep their short form. */
final class RecordJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final boolean withBytes;

  /**
   * @param withBytes whether bytes are written, in Base64; otherwise only how many there are
   */
  RecordJson(boolean withBytes) {
    this.withBytes = withBytes;
  }

  ObjectNode object(SpecificRecord record) {
    ObjectNode object = JSON.objectNode();
    for (Schema.Field field : record.getSchema().getFields()) {
      object.set(field.name(), node(record.get(field.pos())));
    }
    return object;
  }

  private JsonNode node(Object value) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof SpecificRecord record) {
      return object(record);
    }
    if (value instanceof ByteBuffer bytes) {
      return bytes(bytes.duplicate());
    }
    if (value instanceof Collection<?> items) {
      ArrayNode array = JSON.arrayNode();
      items.forEach(item -> array.add(node(item)));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = JSON.objectNode();
      map.forEach((key, item) -> object.set(key.toString(), node(item)));
      return object;
    }
    if (value instanceof Instant time) {
      return JSON.textNode(time.toString());
    }
    return value instanceof Number || value instanceof Boolean
        ? MAPPER.valueToTree(value)
        : JSON.textNode(value.toString());
  }

  private JsonNode bytes(ByteBuffer bytes) {
    if (!withBytes) {
      return JSON.objectNode().put("bytes", bytes.remaining());
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return JSON.binaryNode(copy);
  }
}
