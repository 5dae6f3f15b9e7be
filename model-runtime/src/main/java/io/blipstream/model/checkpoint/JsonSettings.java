package io.blipstream.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Typed reading of a JSON settings file; errors name the file and the key. */
final class JsonSettings {

  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final String prefix;
  private final JsonNode node;

  private JsonSettings(Path file, String prefix, JsonNode node) {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
  }

  static JsonSettings read(Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Utf8.decode(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          file + " is missing; a checkpoint folder holds it beside the weights.", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + " is no valid JSON (" + e.getOriginalMessage() + ").", e);
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + " is no UTF-8.", e);
    }
    if (!root.isObject()) {
      throw new CheckpointException(file + " is no JSON object.");
    }
    return new JsonSettings(file, "", root);
  }

  /** The settings under a key; empty ones if it is absent or null. */
  JsonSettings object(String key) throws CheckpointException {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      value = JsonNodeFactory.instance.objectNode();
    }
    if (!value.isObject()) {
      throw wrong(key, "must be an object");
    }
    return new JsonSettings(file, prefix + key + ".", value);
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  int integer(String key, int byDefault) throws CheckpointException {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return byDefault;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, "must be a whole number, but is " + value);
    }
    return value.intValue();
  }

  double number(String key, double byDefault) throws CheckpointException {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return byDefault;
    }
    return finite(key, value);
  }

  List<Double> numbers(String key, List<Double> byDefault) throws CheckpointException {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return byDefault;
    }
    if (!value.isArray()) {
      throw wrong(key, "must be a list of numbers, but is " + value);
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : value) {
      numbers.add(finite(key, item));
    }
    return numbers;
  }

  /** A list of texts; empty if it is absent or null. */
  List<String> texts(String key) throws CheckpointException {
    List<String> texts = new ArrayList<>();
    if (has(key)) {
      for (JsonNode item : node.path(key)) {
        if (!item.isTextual()) {
          throw wrong(key, "must be a list of texts, but is " + node.path(key));
        }
        texts.add(item.textValue());
      }
    }
    return texts;
  }

  /** The side of a square, stated as a number or as a pair of equal numbers. */
  int side(String key, int byDefault) throws CheckpointException {
    JsonNode value = node.path(key);
    if (!value.isArray()) {
      return integer(key, byDefault);
    }
    if (value.size() != 2
        || !value.get(0).canConvertToInt()
        || !value.get(0).equals(value.get(1))) {
      throw wrong(key, "must be a square, but is " + value);
    }
    return value.get(0).intValue();
  }

  /** Height and width: one number for both, a list or an object of the two. */
  Extent extent(String key, int byDefault) throws CheckpointException {
    JsonNode value = node.path(key);
    if (value.isObject()) {
      JsonSettings size = object(key);
      if (!size.has("height") || !size.has("width")) {
        throw wrong(
            key,
            "must be a number or have height and width, but is "
                + value
                + "; images of "
                + "varying shape are not built in");
      }
      return new Extent(size.integer("height", 0), size.integer("width", 0));
    }
    if (value.isArray()) {
      if (value.size() != 2 || !isSize(value.get(0)) || !isSize(value.get(1))) {
        throw wrong(key, "must be a number or a height and a width, but is " + value);
      }
      return new Extent(value.get(0).intValue(), value.get(1).intValue());
    }
    int side = has(key) ? integer(key, byDefault) : byDefault;
    return new Extent(side, side);
  }

  private static boolean isSize(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  record Extent(int height, int width) {}

  void requireAbsentOr(String key, String expected) throws CheckpointException {
    requireAbsentOr(key, JsonNodeFactory.instance.textNode(expected));
  }

  void requireAbsentOr(String key, boolean expected) throws CheckpointException {
    requireAbsentOr(key, JsonNodeFactory.instance.booleanNode(expected));
  }

  void requireAbsentOr(String key, int expected) throws CheckpointException {
    requireAbsentOr(key, JsonNodeFactory.instance.numberNode(expected));
  }

  private void requireAbsentOr(String key, JsonNode expected) throws CheckpointException {
    if (has(key) && !node.get(key).equals(expected)) {
      throw wrong(key, "must be " + expected + ", but is " + node.get(key));
    }
  }

  private double finite(String key, JsonNode value) throws CheckpointException {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "must be a number, but is " + value);
    }
    return value.doubleValue();
  }

  private CheckpointException wrong(String key, String what) {
    return new CheckpointException(file + ": " + prefix + key + " " + what + ".");
  }
}
