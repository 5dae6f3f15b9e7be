package io.blipstream.app.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as JSON: what scripts read, and what a later run is compared with. */
public final class BenchJson {

  private static final JsonMapper MAPPER = new JsonMapper();

  private BenchJson() {}

  /** A report as one object. */
  public static ObjectNode of(BenchReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("command", report.command());
    json.put("time", report.time());
    Machine machine = report.machine();
    json.putObject("machine")
        .put("cpu", machine.cpu())
        .put("cores", machine.cores())
        .put("memoryBytes", machine.memoryBytes())
        .put("jdk", machine.jdk())
        .put("os", machine.os())
        .put("blipstream", machine.blipstream())
        .put("loadAtStart", Numbers.stored(machine.loadAtStart()));
    var rows = json.putArray("rows");
    for (BenchRow row : report.rows()) {
      ObjectNode one = rows.addObject().put("name", row.name());
      ObjectNode parameters = one.putObject("parameters");
      row.parameters().forEach(parameters::put);
      ObjectNode figures = one.putObject("figures");
      for (Figure figure : row.figures()) {
        ObjectNode number = figures.putObject(figure.name());
        number.put("value", Numbers.stored(figure.value()));
        number.put("unit", figure.unit());
        if (figure.least() < figure.most()) {
          number.put("least", Numbers.stored(figure.least()));
          number.put("most", Numbers.stored(figure.most()));
        }
      }
    }
    return json;
  }

  /** Writes a report to a file, over what is there. */
  public static void write(BenchReport report, Path file) throws IOException {
    Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(of(report)));
  }

  /**
   * Reads a report that was written by {@link #write} or taken from a command's last line.
   *
   * @throws IOException if the file cannot be read or is no report; its message says which
   */
  public static BenchReport read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException("There is no file " + file + " to compare with.", e);
    } catch (IOException e) {
      throw new IOException("Could not read " + file + " (" + e + ").", e);
    }
    try {
      return report(MAPPER.readTree(text));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "%s is no report of blipstream bench (%s); give a file that --json has written."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static BenchReport report(JsonNode json) {
    JsonNode machine = member(json, "machine");
    List<BenchRow> rows = new ArrayList<>();
    member(json, "rows").forEach(row -> rows.add(row(row)));
    return new BenchReport(
        member(json, "command").asText(),
        member(json, "time").asText(),
        new Machine(
            member(machine, "cpu").asText(),
            member(machine, "cores").asInt(),
            member(machine, "memoryBytes").asLong(),
            member(machine, "jdk").asText(),
            member(machine, "os").asText(),
            member(machine, "blipstream").asText(),
            number(machine, "loadAtStart")),
        rows);
  }

  private static BenchRow row(JsonNode json) {
    Map<String, String> parameters = new LinkedHashMap<>();
    member(json, "parameters")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
    List<Figure> figures = new ArrayList<>();
    member(json, "figures")
        .properties()
        .forEach(entry -> figures.add(figure(entry.getKey(), entry.getValue())));
    return new BenchRow(member(json, "name").asText(), parameters, figures);
  }

  private static Figure figure(String name, JsonNode json) {
    double value = number(json, "value");
    return new Figure(
        name,
        member(json, "unit").asText(),
        value,
        json.has("least") ? number(json, "least") : value,
        json.has("most") ? number(json, "most") : value);
  }

  private static double number(JsonNode json, String key) {
    JsonNode number = member(json, key);
    if (!number.isNumber()) {
      throw new IllegalArgumentException("'" + key + "' is no number");
    }
    return number.asDouble();
  }

  private static JsonNode member(JsonNode json, String key) {
    JsonNode member = json.get(key);
    if (member == null || member.isNull()) {
      throw new IllegalArgumentException("'" + key + "' is missing");
    }
    return member;
  }
}
