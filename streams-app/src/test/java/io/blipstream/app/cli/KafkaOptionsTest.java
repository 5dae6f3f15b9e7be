package io.blipstream.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blipstream.app.topology.CapFiltService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KafkaOptionsTest {

  @Command
  static final class AnyCommand {
    @Mixin private KafkaOptions kafka;
  }

  private static KafkaOptions parse(Map<String, String> environment, String... arguments) {
    AnyCommand command = new AnyCommand();
    new CommandLine(
            command,
            new CommandFactory(environment, (folders, settings) -> null, CapFiltService::start))
        .setDefaultValueProvider(new EnvironmentDefaults(environment))
        .parseArgs(arguments);
    return command.kafka;
  }

  @Test
  void shouldTakeWhatIsSaidMoreCloselyToTheCommand(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("kafka.properties"),
            """
            linger.ms=1
            acks=1
            client.id=file
            bootstrap.servers=file:1
            basic.auth.user.info=me:secret
            """);
    KafkaOptions options =
        parse(
            Map.of(
                "KAFKA_ACKS", "all",
                "KAFKA_CLIENT_ID", "environment",
                "BLIPSTREAM_BOOTSTRAP_SERVERS", "environment:1"),
            "--kafka-config",
            file.toString(),
            "-X",
            "client.id=flag");
    assertThat(options.kafka())
        .containsEntry("linger.ms", "1")
        .containsEntry("acks", "all")
        .containsEntry("client.id", "flag")
        .containsEntry("bootstrap.servers", "environment:1")
        .doesNotContainKey("basic.auth.user.info");
    assertThat(options.registry())
        .containsEntry("basic.auth.user.info", "me:secret")
        .containsEntry("schema.registry.url", "http://localhost:8081")
        .doesNotContainKey("acks");
  }

  @Test
  void shouldLeaveAloneWhatOthersPutIntoTheEnvironment() {
    assertThat(
            parse(
                    Map.of(
                        "KAFKA_PORT", "tcp://10.0.0.1:9092",
                        "KAFKA_SERVICE_HOST", "10.0.0.1",
                        "KAFKA_OPTS", "-Xmx1g",
                        "KAFKA_HEAP_OPTS", "-Xmx1g",
                        "KAFKA_CONSUMER_SESSION_TIMEOUT_MS", "9000",
                        "KAFKA_SCHEMA_REGISTRY_URL", "http://registry:8081"))
                .kafka())
        .containsOnlyKeys("bootstrap.servers", "consumer.session.timeout.ms");
  }

  @Test
  void shouldTakeTheRegistryFromTheEnvironment() {
    assertThat(parse(Map.of("KAFKA_SCHEMA_REGISTRY_URL", "http://registry:8081")).registry())
        .containsEntry("schema.registry.url", "http://registry:8081");
    assertThat(
            parse(
                    Map.of("KAFKA_SCHEMA_REGISTRY_URL", "http://registry:8081"),
                    "--schema-registry-url",
                    "mock://here")
                .registry())
        .containsEntry("schema.registry.url", "mock://here");
  }
}
