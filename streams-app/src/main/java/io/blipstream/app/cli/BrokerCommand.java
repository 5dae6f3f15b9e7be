package io.blipstream.app.cli;

import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.broker.TopicSpec;
import io.blipstream.app.broker.Topics;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A Kafka node and a schema registry in one process, to try things out without installing them. */
@Command(
    name = "broker",
    description = {
      "Runs a Kafka node and a schema registry on this machine, until stopped.",
      "Both listen on loopback only and have no passwords: for trying out, not for production."
    })
final class BrokerCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private TopicOptions topics;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "blipstream-data",
      description =
          "Folder for topics and schemas; started again on it, all is still there"
              + " (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Port of Kafka; 0 takes any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      description =
          "Port of the schema registry; 0 takes any free one (default: ${DEFAULT-VALUE}).")
  private int registryPort;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Partitions of topics that are created; as many instances of run can share the work"
              + " (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Override
  public Integer call() throws Exception {
    TopicNames names = topics.names();
    try (UntilStopped stop = new UntilStopped();
        EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), port);
        EmbeddedRegistry registry =
            EmbeddedRegistry.start(data.resolve("registry"), registryPort)) {
      createTopics(broker.bootstrapServers(), names, partitions);
      PrintWriter out = spec.commandLine().getOut();
      out.println("kafka            " + broker.bootstrapServers());
      out.println("schema registry  " + registry.url());
      out.println("topics           " + String.join(" ", names.all()));
      out.println("Stop with Ctrl-C.");
      out.flush();
      stop.await();
    }
    return ExitStatus.DONE.code();
  }

  /** Creates those of the four topics that are missing, each with room for what it holds. */
  static void createTopics(String bootstrapServers, TopicNames names, int partitions)
      throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Topics.createMissing(admin, TopicSpec.ofService(names, partitions));
    }
  }
}
