package io.blipstream.app.cli;

import io.blipstream.app.config.ServiceConfig;
import io.blipstream.app.config.ServiceSettings;
import io.blipstream.app.source.LinkFetcher;
import io.blipstream.app.topology.CapFiltService;
import io.blipstream.model.CapFilt;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The service: judges image events until it is stopped. */
@Command(
    name = "run",
    description = {
      "Runs the service against your Kafka: reads image events; writes captions, confidences,"
          + " rejects.",
      "The topics must exist. SIGTERM or Ctrl-C answers what is in flight, commits and stops."
    })
final class RunCommand implements Callable<Integer>, ServiceFlags.Receiver {

  private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

  /** What orchestrators give a process between SIGTERM and SIGKILL, as a rule. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

  private final ServiceStarter starter;

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private ModelOptions model;
  @Mixin private LinkOptions links;
  @Mixin private WebOptions web;

  private final Map<String, String> flags = new LinkedHashMap<>();

  RunCommand(ServiceStarter starter) {
    this.starter = starter;
  }

  @Override
  public Map<String, String> serviceSettings() {
    return flags;
  }

  @Override
  public Integer call() throws Exception {
    ServiceSettings settings = settings(kafka.kafka(), kafka.registry(), flags);
    Supplier<CapFilt> capFilt = model.loader();
    try (UntilStopped stop = new UntilStopped();
        LinkFetcher fetcher = links.fetcher(settings);
        WebSide side = WebSide.ofRun(web, settings, spec.commandLine().getErr());
        CapFiltService service =
            starter.start(
                settings, stop.unlessAsked(side.watch(capFilt)), fetcher, side.listener())) {
      side.started(service);
      serve(service, settings, stop);
    }
    return ExitStatus.DONE.code();
  }

  private void serve(CapFiltService service, ServiceSettings settings, UntilStopped stop)
      throws InterruptedException, ExecutionException {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "Judging %s at %s with %s and %s (%s). Stop with Ctrl-C.%n",
        settings.topics().images(),
        settings.bootstrapServers(),
        service.model().captioner(),
        service.model().filter(),
        service.model().engine());
    err.flush();
    ServiceProgress progress = new ServiceProgress(service, err);
    while (!stop.await(REPORT_EVERY) && !service.terminated().isDone()) {
      progress.report();
    }
    if (service.terminated().isDone()) {
      service.terminated().get();
    }
    err.println("Stopping: answering what is in flight.");
    err.flush();
    service.close(STOP_WITHIN);
    progress.report();
  }

  /** Puts together what Kafka's settings and the flags say; a flag wins. */
  static ServiceSettings settings(
      Map<String, Object> kafka, Map<String, Object> registry, Map<String, String> flags) {
    Map<String, Object> own = new HashMap<>();
    Map<String, Object> others = new HashMap<>();
    kafka.forEach(
        (key, value) ->
            (ServiceConfig.definition().names().contains(key) ? own : others).put(key, value));
    own.putAll(flags);
    return ServiceSettings.of(own, registry, others);
  }
}
