package io.blipstream.app.cli;

import io.blipstream.app.topology.UnheldService;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The command line, but the service holds no offsets. */
final class UnheldMain {

  private UnheldMain() {}

  public static void main(String[] args) {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Main.run(System.getenv(), new BlipModels(), UnheldService::start, err, err, args));
  }
}
