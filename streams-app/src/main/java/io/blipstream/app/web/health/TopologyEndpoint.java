package io.blipstream.app.web.health;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.config.TopicNames;
import io.blipstream.app.topology.BlipstreamTopology;
import io.blipstream.app.topology.MermaidDiagram;
import io.blipstream.app.web.WebEndpoint;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;

/**
 * {@code /topology}: as Kafka Streams describes it, or, where a client prefers JSON, its nodes and
 * a Mermaid diagram; {@code ?format=text}, {@code json} or {@code mermaid} says it outright.
 */
public final class TopologyEndpoint implements WebEndpoint {

  private final TopologyDescription topology;

  public TopologyEndpoint(TopicNames topics) {
    this.topology = BlipstreamTopology.describe(topics);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.get("/topology", this::answer);
  }

  private void answer(Context request) {
    String accepted = Optional.ofNullable(request.header("Accept")).orElse("");
    String format =
        Optional.ofNullable(request.queryParam("format"))
            .orElse(accepted.contains("application/json") ? "json" : "text");
    switch (format) {
      case "json" -> request.contentType(ContentType.APPLICATION_JSON).result(json() + "\n");
      case "mermaid" ->
          request.contentType(ContentType.TEXT_PLAIN).result(MermaidDiagram.of(topology));
      default -> request.contentType(ContentType.TEXT_PLAIN).result(topology.toString());
    }
  }

  private ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode nodes = json.putArray("nodes");
    topology.subtopologies().stream()
        .flatMap(part -> part.nodes().stream())
        .sorted(Comparator.comparing(Node::name))
        .forEach(node -> add(nodes.addObject(), node));
    return json.put("mermaid", MermaidDiagram.of(topology));
  }

  private static void add(ObjectNode json, Node node) {
    json.put("name", node.name());
    if (node instanceof Source source) {
      json.put("kind", "source").set("topics", array(source.topicSet().stream().toList()));
    } else if (node instanceof Sink sink) {
      json.put("kind", "sink").set("topics", array(List.of(sink.topic())));
    } else {
      json.put("kind", "processor");
    }
    json.set("successors", array(node.successors().stream().map(Node::name).toList()));
  }

  private static ArrayNode array(List<String> names) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    names.stream().sorted().forEach(array::add);
    return array;
  }
}
