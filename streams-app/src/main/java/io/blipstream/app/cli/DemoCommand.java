package io.blipstream.app.cli;

import io.blipstream.app.broker.EmbeddedBroker;
import io.blipstream.app.cli.demo.DemoState;
import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.config.TopicNames;
import io.blipstream.model.CapFilt;
import io.blipstream.schemas.registry.EmbeddedRegistry;
import io.blipstream.schemas.serde.RegistrySettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything in one process: Kafka, registry, service, and drawn scenes as a feed. */
@Command(
    name = "demo",
    description = {
      "Shows all of it on this machine: starts Kafka, a schema registry and the service in this"
          + " process, feeds them with drawn scenes and noisy web texts, and prints a line an image.",
      "Ends with a JSON summary that says whether every image and text has exactly one outcome."
    })
final class DemoCommand implements Callable<Integer>, ServiceFlags.Receiver {

  private static final int PARTITIONS = 4;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;
  @Mixin private WebOptions web;
  @Mixin private SceneOptions scenes;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Stop after so many scenes, those of earlier runs on the same --state included"
              + " (default: go on until stopped).")
  private Long images;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Keep topics and progress here; a demo that was stopped or killed goes on where it was"
              + " (default: a temporary folder, deleted at the end).")
  private Path state;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of Kafka, for tail and others to join in; 0: any free one (default).")
  private int port;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the schema registry; 0: any free one (default).")
  private int registryPort;

  private final Map<String, String> flags = new LinkedHashMap<>();

  @Override
  public Map<String, String> serviceSettings() {
    return flags;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    Supplier<CapFilt> capFilt = model.loader();
    try (UntilStopped stop = new UntilStopped();
        DemoState folder = DemoState.open(state, scenes.seed());
        EmbeddedBroker broker = EmbeddedBroker.start(folder.kafka(), port);
        EmbeddedRegistry registry = EmbeddedRegistry.start(folder.registry(), registryPort)) {
      BrokerCommand.createTopics(broker.bootstrapServers(), TopicNames.DEFAULT, PARTITIONS);
      err.printf("Kafka at %s, schema registry at %s%n", broker.bootstrapServers(), registry.url());
      err.flush();
      Map<String, Object> kafka = kafka(broker.bootstrapServers());
      Map<String, Object> registrySettings = Map.of(RegistrySettings.URL, registry.url());
      flags.put(ServiceConfig.APPLICATION_ID, DemoRun.APPLICATION_ID);
      flags.put(ServiceConfig.STATE_DIR, folder.streams().toString());
      ServiceSettings settings = RunCommand.settings(kafka, registrySettings, flags);
      try (WebSide side = WebSide.ofDemo(web, settings, err)) {
        DemoRun run =
            new DemoRun(
                settings,
                kafka,
                scenes.seed(),
                images == null ? OptionalLong.empty() : OptionalLong.of(images),
                spec.commandLine().getOut(),
                err);
        return run.run(capFilt, side, stop).code();
      }
    }
  }

  private static Map<String, Object> kafka(String bootstrapServers) {
    Map<String, Object> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", bootstrapServers);
    // A killed demo leaves its member in the group; a restart waits until that has timed out. The
    // least that the broker allows.
    kafka.put("consumer.session.timeout.ms", "6000");
    kafka.put("consumer.heartbeat.interval.ms", "1500");
    return kafka;
  }
}
