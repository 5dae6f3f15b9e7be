package io.blipstream.app.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a subcommand: help and version. */
@Command(
    name = "blipstream",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Blipstream.Version.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Captions and cleans streams of images on Kafka with BLIP and CapFilt.",
    footerHeading = "%nEvery flag is an environment variable too: --data is BLIPSTREAM_DATA.%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong use", "3:a needed service or topic is missing"},
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      BrokerCommand.class,
      TopicsCommand.class,
      SchemasCommand.class,
      SendCommand.class,
      FeedCommand.class,
      TailCommand.class,
      ReplayCommand.class,
      ResetCommand.class,
      CleanCommand.class,
      CaptionCommand.class,
      ModelCommand.class,
      BenchCommand.class,
      SoakCommand.class,
      TopologyCommand.class
    })
final class Blipstream implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log more, and show where in the code a failure came from.")
  private boolean verbose;

  @Option(
      names = "--log-format",
      scope = ScopeType.INHERIT,
      paramLabel = "text|json",
      defaultValue = "text",
      description =
          "How messages on standard error look: text, or json, one object a line, for log collectors"
              + " (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat;

  LogFormat logFormat() {
    return logFormat;
  }

  boolean verbose() {
    return verbose;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version =
          Optional.ofNullable(Blipstream.class.getPackage().getImplementationVersion())
              .orElse("(not packaged)");
      return new String[] {"blipstream " + version};
    }
  }
}
