package io.blipstream.app.cli;

import io.blipstream.app.broker.Cluster;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates the topics of the service, since the service itself creates none. */
@Command(
    name = "topics",
    description = {
      "Creates those of the four topics that your Kafka lacks, each with room for what it holds.",
      "Topics that exist are left as they are. How many replicas a topic has is the brokers' default"
          + " (default.replication.factor)."
    })
final class TopicsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private TopicOptions topics;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Partitions of topics that are created; as many stream threads can share the work, over"
              + " all instances of run (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Override
  public Integer call() throws Exception {
    List<TopicSpec> wanted = TopicSpec.ofService(topics.names(), partitions);
    // Kafka that does not answer is told apart from topics that are missing.
    Cluster.requireTopics(kafka.kafka(), List.of());
    PrintWriter out = spec.commandLine().getOut();
    try (Admin admin = Cluster.admin(kafka.kafka())) {
      List<String> missing = Topics.missing(admin, wanted.stream().map(TopicSpec::name).toList());
      Topics.createMissing(admin, wanted);
      for (TopicSpec topic : wanted) {
        out.println(
            missing.contains(topic.name())
                ? "created %s with %d partitions".formatted(topic.name(), topic.partitions())
                : "%s is there".formatted(topic.name()));
      }
    }
    return ExitStatus.DONE.code();
  }
}
