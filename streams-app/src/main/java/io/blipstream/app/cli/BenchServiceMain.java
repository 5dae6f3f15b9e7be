package io.blipstream.app.cli;

import io.blipstream.app.cli.bench.ServiceSample;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.app.topology.CapFiltService;
import io.blipstream.app.topology.OutcomeListener;
import io.blipstream.model.CapFilt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The process that is measured: the command {@code run} as it is, and beside it a thread that
 * prints what the service has counted, ten times a second. Ends when its standard input does, so
 * that it does not outlive who measures it.
 */
public final class BenchServiceMain {

  private static final Duration EVERY = Duration.ofMillis(100);

  private BenchServiceMain() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    inBackground("bench-parent", BenchServiceMain::endWithParent);
    int status =
        Main.run(
            System.getenv(),
            new BlipModels(),
            (settings, model, fetcher, listener) -> start(settings, model, fetcher, listener, out),
            out,
            err,
            args);
    System.exit(status);
  }

  private static CapFiltService start(
      ServiceSettings settings,
      Supplier<? extends CapFilt> model,
      ImageFetcher fetcher,
      OutcomeListener listener,
      PrintWriter out) {
    CapFiltService service = CapFiltService.start(settings, model, fetcher, listener);
    inBackground("bench-samples", () -> sample(service, out));
    return service;
  }

  private static void sample(CapFiltService service, PrintWriter out) {
    try {
      while (true) {
        out.println(ServiceSample.now(service.counts().images(), service.batching()).toLine());
        Thread.sleep(EVERY.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(ExitStatus.FAILED.code());
  }

  private static void inBackground(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
