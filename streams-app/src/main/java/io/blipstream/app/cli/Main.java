package io.blipstream.app.cli;

import io.blipstream.app.topology.CapFiltService;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** Where the process starts. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // Not the platform's character set: captions and ids are Unicode whatever the locale says.
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(System.getenv(), out, err, args);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /**
   * Runs one command in this JVM.
   *
   * @param environment in place of the process's own
   * @return the exit code, see {@link ExitStatus}
   */
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
    return run(environment, new BlipModels(), out, err, args);
  }

  static int run(
      Map<String, String> environment,
      ModelSource models,
      PrintWriter out,
      PrintWriter err,
      String... args) {
    return run(environment, models, CapFiltService::start, out, err, args);
  }

  static int run(
      Map<String, String> environment,
      ModelSource models,
      ServiceStarter services,
      PrintWriter out,
      PrintWriter err,
      String... args) {
    CommandLine commandLine =
        new CommandLine(new Blipstream(), new CommandFactory(environment, models, services));
    ServiceFlags.addTo(commandLine);
    LoggingFirst logging = new LoggingFirst();
    commandLine
        .setOut(out)
        .setErr(err)
        .setDefaultValueProvider(new EnvironmentDefaults(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(FailureReport::wrongUse)
        .setExecutionExceptionHandler(FailureReport::failed)
        .setExecutionStrategy(logging);
    try (logging) {
      return commandLine.execute(args);
    }
  }
}
