package io.blipstream.app.cli;

import picocli.CommandLine.Option;

/** Which drawn scenes are sent. */
final class SceneOptions {

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Which scenes: the same seed gives the same ones (default: ${DEFAULT-VALUE}).")
  private long seed;

  long seed() {
    return seed;
  }
}
