package io.blipstream.app.topology;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/** A topology as a Mermaid flow chart: topics as cylinders, nodes as boxes, state as databases. */
public final class MermaidDiagram {

  private final Set<String> lines = new LinkedHashSet<>();

  private MermaidDiagram() {}

  /** The diagram, in lines. */
  public static String of(TopologyDescription description) {
    MermaidDiagram diagram = new MermaidDiagram();
    for (Subtopology part : description.subtopologies()) {
      part.nodes().forEach(diagram::add);
    }
    return "flowchart LR\n" + String.join("", diagram.lines);
  }

  private void add(Node node) {
    String id = id("node", node.name());
    line(id, "[\"" + node.name(), "\"]");
    if (node instanceof Source source && source.topicSet() != null) {
      source.topicSet().forEach(topic -> line(topic(topic), " --> ", id));
    }
    if (node instanceof Sink sink && sink.topic() != null) {
      line(id, " --> ", topic(sink.topic()));
    }
    if (node instanceof Processor processor) {
      for (String store : processor.stores()) {
        line(id("store", store), "[(\"" + store, "\")]");
        line(id, " --- ", id("store", store));
      }
    }
    node.successors().forEach(next -> line(id, " --> ", id("node", next.name())));
  }

  private String topic(String name) {
    String id = id("topic", name);
    line(id, "[(\"" + name, "\")]");
    return id;
  }

  private void line(String left, String arrowOrLabel, String right) {
    lines.add("  " + left + arrowOrLabel + right + "\n");
  }

  private static String id(String kind, String name) {
    return kind + "_" + name.replaceAll("[^A-Za-z0-9]", "_");
  }
}
