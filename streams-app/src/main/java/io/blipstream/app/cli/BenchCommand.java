package io.blipstream.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands that measure parts of the service on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure parts of the service on this machine.",
      "Tables go to standard error; standard output ends with the report as one line of JSON."
    },
    subcommands = {
      BenchStreamCommand.class,
      BenchPipeCommand.class,
      BenchModelCommand.class,
      BenchDecodeCommand.class
    })
final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What to measure is missing.");
  }
}
