package io.blipstream.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands about models. */
@Command(
    name = "model",
    description = "Import, train, measure, verify and describe models.",
    subcommands = {
      ModelImportCommand.class,
      ModelTrainCommand.class,
      ModelEvaluateCommand.class,
      ModelVerifyCommand.class,
      ModelInfoCommand.class
    })
final class ModelCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command about models is missing.");
  }
}
