package io.blipstream.app.topology;

import io.blipstream.app.TestCluster;
import io.blipstream.app.cli.soak.Child;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.ImageFetcher;
import io.blipstream.model.CapFilt;
import io.blipstream.model.CapFiltInput;
import io.blipstream.model.Judgement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * The service in a JVM of its own, so that it can be killed. Its model answers from a script after
 * 20 ms a batch, and, if told so, hangs for good after a number of images: then images are surely
 * in flight, and nothing depends on catching the right moment.
 */
final class ServiceProcess implements AutoCloseable {

  static final int BATCH = 4;

  private final Child process;

  private ServiceProcess(Child process) {
    this.process = process;
  }

  /** What the process is to do. */
  record Plan(
      String bootstrap,
      String registry,
      String application,
      Path folder,
      boolean holdsOffsets,
      int hangsAfterImages) {

    /** Appears once the model hangs: from then on images are surely in flight. */
    Path hanging() {
      return hanging(folder);
    }

    private static Path hanging(Path folder) {
      return folder.resolveSibling(folder.getFileName() + ".hanging");
    }
  }

  static ServiceProcess start(Plan plan, Path log) throws IOException {
    return new ServiceProcess(
        Child.start(
            ServiceProcess.class.getName(),
            "256m",
            List.of(
                plan.bootstrap(),
                plan.registry(),
                plan.application(),
                plan.folder().toString(),
                Boolean.toString(plan.holdsOffsets()),
                Integer.toString(plan.hangsAfterImages())),
            log));
  }

  void kill() throws InterruptedException {
    process.kill();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.close();
  }

  public static void main(String[] arguments) throws InterruptedException {
    boolean holdsOffsets = Boolean.parseBoolean(arguments[4]);
    ServiceSettings settings =
        ServiceSettings.of(
            TestCluster.serviceSettings(
                arguments[0],
                arguments[2],
                Path.of(arguments[3]),
                Map.of(
                    "batch.size",
                    BATCH,
                    "window.records",
                    2 * BATCH,
                    "transaction.timeout.ms",
                    8_000)),
            Map.of("schema.registry.url", arguments[1]),
            Map.of(
                "consumer.session.timeout.ms", 6_000,
                "consumer.heartbeat.interval.ms", 1_000));
    Supplier<CapFilt> model =
        () ->
            new HangingCapFilt(Integer.parseInt(arguments[5]), Plan.hanging(Path.of(arguments[3])));
    ImageFetcher fetcher = uri -> new byte[0];
    CapFiltService service =
        holdsOffsets
            ? CapFiltService.start(settings, model, fetcher, outcome -> {})
            : UnheldService.start(settings, model, fetcher, outcome -> {});
    Runtime.getRuntime().addShutdownHook(new Thread(() -> service.close(Duration.ofSeconds(20))));
    service.terminated().join();
  }

  /** Slow, and after so many images stuck. */
  private static final class HangingCapFilt extends ScriptedCapFilt {

    private final Path hanging;
    private int left;

    HangingCapFilt(int images, Path hanging) {
      this.left = images;
      this.hanging = hanging;
    }

    @Override
    public List<Judgement> judge(List<CapFiltInput> batch) {
      left -= batch.size();
      try {
        if (left < 0) {
          Files.createFile(hanging);
          new CountDownLatch(1).await();
        }
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return super.judge(batch);
    }
  }
}
