package io.blipstream.app.cli;

import io.blipstream.app.topology.BlipstreamTopology;
import io.blipstream.app.topology.MermaidDiagram;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.kafka.streams.TopologyDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the topology. */
@Command(
    name = "topology",
    description = "Prints the topology as Kafka Streams describes it, and as a Mermaid diagram.")
final class TopologyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private TopicOptions topics;

  @Option(names = "--mermaid", description = "Print the Mermaid diagram alone.")
  private boolean mermaidOnly;

  @Override
  public Integer call() {
    TopologyDescription description = BlipstreamTopology.describe(topics.names());
    PrintWriter out = spec.commandLine().getOut();
    if (!mermaidOnly) {
      out.println(description);
    }
    out.print(MermaidDiagram.of(description));
    out.flush();
    return ExitStatus.DONE.code();
  }
}
