package io.blipstream.app.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Flags of commands that take something away: they say what they would do until told to do it. */
final class Consent {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--yes", description = "Do it. Without it, nothing is changed.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only say what would be done.")
  private boolean dryRun;

  /**
   * Prints the steps, and says whether to go on to do them.
   *
   * @throws CommandFailure if neither flag was given
   */
  boolean given(List<String> steps) {
    PrintWriter out = spec.commandLine().getOut();
    boolean does = yes && !dryRun;
    steps.forEach(step -> out.println((does ? "" : "would ") + step));
    out.flush();
    if (!yes && !dryRun) {
      throw new CommandFailure(
          ExitStatus.WRONG_USE, "Nothing was changed; give --yes to do it, or --dry-run to look.");
    }
    return does;
  }
}
