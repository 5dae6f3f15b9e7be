package io.blipstream.app.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A demo with its page, in a process of its own, with a fake model. */
record PageDemo(Process process, String address) implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://\\S+/");

  /**
   * Starts one and waits until its page is there.
   *
   * @param err file for what it says
   * @param port of the page; 0: any free one
   */
  static PageDemo start(Path err, int port) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                DemoCommandTest.SlowDemo.class.getName(),
                "20",
                "demo",
                "--web-port",
                Integer.toString(port))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      String said = Files.readString(err);
      Matcher matcher =
          ADDRESS.matcher(said.lines().filter(l -> l.contains("Page")).findFirst().orElse(""));
      if (matcher.find()) {
        return new PageDemo(process, matcher.group());
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IllegalStateException("The demo has no page: " + said);
      }
      Thread.sleep(100);
    }
  }

  int port() {
    return URI.create(address).getPort();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
