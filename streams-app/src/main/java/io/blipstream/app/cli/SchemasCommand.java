package io.blipstream.app.cli;

import io.blipstream.app.config.IllegalConfigurationException;
import io.blipstream.app.config.TopicNames;
import io.blipstream.schemas.serde.RecordSchemas;
import io.blipstream.schemas.serde.RecordSerdes;
import io.blipstream.schemas.serde.RegistrySettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Registers our schemas, for where the service may not. */
@Command(
    name = "schemas",
    description = {
      "Registers those of the four topics' schemas that the registry lacks, whatever"
          + " auto.register.schemas says. Kafka is not asked.",
      "The exit code is 1 if a subject holds what ours is not compatible with."
    })
final class SchemasCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private TopicOptions topics;

  @ArgGroup(exclusive = true)
  private Manner manner = new Manner();

  /** What to do beside registering, or in its place. */
  static final class Manner {
    @Option(
        names = "--protect",
        description =
            "Also set the four subjects to "
                + RecordSchemas.COMPATIBILITY
                + ", so that no producer can register what breaks a reader.")
    private boolean protect;

    @Option(
        names = "--check",
        description =
            "Change nothing: the exit code is 1 if the registry lacks one of our schemas, and the"
                + " first such subject is named.")
    private boolean check;
  }

  @Override
  public Integer call() {
    Map<String, Object> registry = kafka.registry();
    if (RecordSerdes.isForeign(registry)) {
      throw new IllegalConfigurationException(
          "Records go through another serde (%s), whose schemas are not ours to register."
              .formatted(RecordSerdes.SERDE_CLASS));
    }
    RegistrySettings settings = RegistrySettings.from(registry);
    TopicNames names = topics.names();
    RecordSchemas schemas =
        RecordSchemas.forTopics(
            names.images(), names.captions(), names.itmConfidence(), names.rejects());
    List<RecordSchemas.Registered> found =
        manner.check ? schemas.verify(settings) : schemas.register(settings);
    if (manner.protect) {
      schemas.protect(settings);
    }
    PrintWriter out = spec.commandLine().getOut();
    String level = manner.protect ? ", now " + RecordSchemas.COMPATIBILITY : "";
    found.forEach(schema -> out.println(schema.subject() + " has id " + schema.id() + level));
    return ExitStatus.DONE.code();
  }
}
