package io.blipstream.app.cli;

import java.util.Map;
import picocli.CommandLine;

/** Makes commands and their shared options, giving the environment to those that read it. */
final class CommandFactory implements CommandLine.IFactory {

  private final Map<String, String> environment;
  private final ModelSource models;
  private final ServiceStarter services;
  private final CommandLine.IFactory others = CommandLine.defaultFactory();

  CommandFactory(Map<String, String> environment, ModelSource models, ServiceStarter services) {
    this.environment = environment;
    this.models = models;
    this.services = services;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == KafkaOptions.class) {
      return type.cast(new KafkaOptions(environment));
    }
    if (type == ModelOptions.class) {
      return type.cast(new ModelOptions(models));
    }
    if (type == ModelImportCommand.class) {
      return type.cast(new ModelImportCommand(environment));
    }
    if (type == RunCommand.class) {
      return type.cast(new RunCommand(services));
    }
    return others.create(type);
  }
}
