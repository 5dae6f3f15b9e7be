package io.blipstream.app.cli;

import picocli.CommandLine.Option;

/** Which service is meant, for commands about one that is stopped. */
final class ApplicationOptions {

  @Option(
      names = "--application-id",
      paramLabel = "NAME",
      defaultValue = "blipstream",
      description = "Group of the service (default: ${DEFAULT-VALUE}).")
  private String group;

  String group() {
    return group;
  }
}
