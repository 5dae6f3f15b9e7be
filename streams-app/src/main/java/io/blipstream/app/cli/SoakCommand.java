package io.blipstream.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.cli.soak.Child;
import io.blipstream.app.cli.soak.Guarantee;
import io.blipstream.app.cli.soak.Protocol;
import io.blipstream.app.cli.soak.SoakPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Breaks the service over and over, and checks that it kept its promises. */
@Command(
    name = "soak",
    description = {
      "Runs the service with a simulated model against a broker of its own on this machine, kills,"
          + " stops and freezes its processes, and restarts the broker, by a seeded schedule, and then reads"
          + " every topic and checks that each input has its outcome: once, in order, the right one.",
      "Ends with one line of JSON; the exit code is 1 if any promise was broken."
    })
final class SoakCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "5",
      description =
          "How long inputs come and things break; settling and checking take a little longer"
              + " (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Gives inputs, failures and disturbances (default: another one each time).")
  private Long seed;

  @Option(
      names = "--guarantee",
      split = ",",
      paramLabel = "exactly-once|at-least-once",
      defaultValue = "exactly-once",
      description =
          "What the service is set to; with both, separated by a comma, streams run side by side"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Guarantee> guarantees = new ArrayList<>();

  @Option(
      names = "--protocol",
      split = ",",
      paramLabel = "classic|streams",
      defaultValue = "classic",
      description =
          "The group protocol; with both, streams run side by side. At least once works with"
              + " classic only (default: ${DEFAULT-VALUE}).")
  private List<Protocol> protocols = new ArrayList<>();

  @Option(
      names = "--processes",
      paramLabel = "N",
      defaultValue = "2",
      description = "Instances of the service in each stream (default: ${DEFAULT-VALUE}).")
  private int processes;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "6",
      description = "Partitions of every topic (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "60",
      description = "Inputs a second in each stream (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--session-timeout",
      paramLabel = "S",
      defaultValue = "6",
      description =
          "Seconds after which a silent instance is taken for dead; 6 or more. Disturbances are"
              + " further apart than that (default: ${DEFAULT-VALUE}).")
  private int sessionTimeout;

  @Option(
      names = "--spare-broker",
      description = "Leave broker and registry alone; disturb the service only.")
  private boolean spareBroker;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "New or empty folder that keeps topics and logs (default: a temporary folder, deleted at"
              + " the end unless something went wrong).")
  private Path state;

  @Parameters(
      paramLabel = "RUN_FLAG",
      description =
          "After --: further flags for the service, to try a configuration, such as"
              + " -- --window-records=128. They must not change verdicts.")
  private List<String> runFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    if (!Child.canBeFrozen()) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "soak stops processes by signals, which %s lacks; run it on Linux or macOS."
              .formatted(System.getProperty("os.name")));
    }
    SoakPlan plan = plan();
    try (UntilStopped stop = new UntilStopped();
        WorkFolder folder = WorkFolder.open(Optional.ofNullable(state), "blipstream-soak-")) {
      ObjectNode summary = null;
      try {
        summary =
            new SoakRun(
                    plan, Main.class.getName(), folder.path(), spec.commandLine().getErr(), stop)
                .run();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof CommandFailure failure ? failure : e;
      } finally {
        if (summary == null || !summary.get("allKept").asBoolean()) {
          folder.keep();
          spec.commandLine().getErr().println("Logs are kept in " + folder.path());
        }
      }
      spec.commandLine().getOut().println(summary);
      spec.commandLine().getOut().flush();
      return (summary.get("allKept").asBoolean() ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }
  }

  private SoakPlan plan() {
    require(minutes > 0, "--minutes must be above 0.");
    require(processes > 0 && partitions > 0, "--processes and --partitions must be above 0.");
    require(rate > 0 && rate <= 10_000, "--rate must be above 0, and at most 10000.");
    require(sessionTimeout >= 6, "--session-timeout must be 6 or more: the broker allows no less.");
    List<SoakPlan.StreamKind> streams =
        guarantees.stream()
            .distinct()
            .flatMap(
                guarantee ->
                    protocols.stream()
                        .distinct()
                        .map(protocol -> new SoakPlan.StreamKind(guarantee, protocol)))
            .filter(SoakPlan.StreamKind::isPossible)
            .toList();
    require(
        !streams.isEmpty(),
        "At least once with the streams protocol is refused by the service; use classic.");
    return new SoakPlan(
        seed == null ? System.nanoTime() % 1_000_000 : seed,
        Duration.ofMillis(Math.round(minutes * 60_000)),
        streams,
        processes,
        partitions,
        rate,
        Duration.ofSeconds(sessionTimeout),
        !spareBroker,
        runFlags);
  }

  private void require(boolean holds, String sentence) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }
}
