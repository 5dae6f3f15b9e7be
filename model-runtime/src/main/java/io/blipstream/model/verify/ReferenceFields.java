package io.blipstream.model.verify;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** An object in a reference's JSON. It knows which fields were asked for, so none is overlooked. */
final class ReferenceFields {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private final String where;
  private final JsonNode object;
  private final Set<String> unread;

  private ReferenceFields(String where, JsonNode object) throws ReferenceException {
    if (!object.isObject()) {
      throw new ReferenceException(where + " must be an object");
    }
    this.where = where;
    this.object = object;
    this.unread = new TreeSet<>();
    object.fieldNames().forEachRemaining(unread::add);
  }

  static JsonNode read(Path file) throws IOException {
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new ReferenceException(
          file.getFileName() + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  static ReferenceFields of(String where, JsonNode object) throws ReferenceException {
    return new ReferenceFields(where, object);
  }

  /** The value of a field that must be there. */
  JsonNode value(String key) throws ReferenceException {
    unread.remove(key);
    if (!object.has(key)) {
      throw new ReferenceException(where + " lacks " + key);
    }
    return object.get(key);
  }

  /** A list that must be there and hold something. */
  JsonNode list(String key) throws ReferenceException {
    JsonNode list = value(key);
    if (!list.isArray() || list.isEmpty()) {
      throw new ReferenceException(where + ": " + key + " must be a list that is not empty");
    }
    return list;
  }

  ReferenceFields object(String key) throws ReferenceException {
    return of(where + "." + key, value(key));
  }

  String text(String key) throws ReferenceException {
    JsonNode value = value(key);
    if (!value.isTextual()) {
      throw new ReferenceException(where + ": " + key + " must be a text, but is " + value);
    }
    return value.textValue();
  }

  int integer(String key) throws ReferenceException {
    JsonNode value = value(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new ReferenceException(where + ": " + key + " must be an integer, but is " + value);
    }
    return value.intValue();
  }

  int integer(String key, int byDefault) throws ReferenceException {
    return object.has(key) ? integer(key) : byDefault;
  }

  double number(String key) throws ReferenceException {
    JsonNode value = value(key);
    if (!value.isNumber()) {
      throw new ReferenceException(where + ": " + key + " must be a number, but is " + value);
    }
    return value.doubleValue();
  }

  double number(String key, double byDefault) throws ReferenceException {
    return object.has(key) ? number(key) : byDefault;
  }

  boolean has(String key) {
    return object.has(key);
  }

  double[] numbers(String key) throws ReferenceException {
    return numbers(where + ": " + key, list(key));
  }

  List<double[]> rows(String key) throws ReferenceException {
    List<double[]> rows = new ArrayList<>();
    for (JsonNode row : list(key)) {
      rows.add(numbers(where + ": " + key, row));
    }
    return rows;
  }

  List<long[]> idRows(String key) throws ReferenceException {
    List<long[]> rows = new ArrayList<>();
    for (JsonNode row : list(key)) {
      rows.add(ids(where + ": " + key, row));
    }
    return rows;
  }

  /** Token ids. */
  static long[] ids(String where, JsonNode array) throws ReferenceException {
    double[] numbers = numbers(where, array);
    if (Arrays.stream(numbers).anyMatch(number -> number != Math.rint(number))) {
      throw new ReferenceException(where + " must hold integers, but is " + array);
    }
    return Arrays.stream(numbers).mapToLong(number -> (long) number).toArray();
  }

  private static double[] numbers(String where, JsonNode array) throws ReferenceException {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!array.path(i).isNumber()) {
        throw new ReferenceException(where + " must be a list of numbers, but is " + array);
      }
      numbers[i] = array.get(i).doubleValue();
    }
    if (numbers.length == 0) {
      throw new ReferenceException(where + " must be a list of numbers, but is " + array);
    }
    return numbers;
  }

  /**
   * Requires that every field was asked for.
   *
   * @throws ReferenceException naming those that nothing here knows
   */
  void requireNoOthers() throws ReferenceException {
    if (!unread.isEmpty()) {
      throw new ReferenceException(
          "%s has %s, which is not known here".formatted(where, String.join(" and ", unread)));
    }
  }
}
