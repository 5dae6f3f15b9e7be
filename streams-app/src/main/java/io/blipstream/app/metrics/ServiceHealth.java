package io.blipstream.app.metrics;

import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.metrics.ServiceView.Phase;
import io.blipstream.app.topology.ObservedService;
import java.util.List;
import java.util.Optional;

/**
 * Whether a service is alive and whether it is ready.
 *
 * <p>Alive: to restart it would not help. A service that starts, rebalances or waits for a stuck
 * model is alive; the last one ends by itself once it gives up. Ready: Kafka has the topics, the
 * registry goes with our schemas, the model is loaded, the service has joined its group, and the
 * model answers.
 *
 * @param reason one sentence: the first thing that is missing, or that all is well
 */
public record ServiceHealth(
    boolean alive, boolean ready, Phase phase, String reason, List<Check> checks) {

  public ServiceHealth {
    checks = List.copyOf(checks);
  }

  /** One thing that readiness needs. */
  public record Check(String name, boolean passed, String detail) {}

  public static ServiceHealth of(ServiceView view) {
    Phase phase = view.phase();
    boolean serving = phase == Phase.RUNNING;
    List<Check> checks =
        List.of(
            new Check(
                "dependencies",
                phase != Phase.CHECKING,
                phase == Phase.CHECKING
                    ? phase.sentence()
                    : "Kafka has the topics and the registry took our schemas at the start."),
            new Check(
                "model",
                phase != Phase.CHECKING && phase != Phase.LOADING,
                phase == Phase.CHECKING || phase == Phase.LOADING
                    ? "The model is not loaded yet."
                    : "The model is loaded."),
            new Check("stream", serving, phase.sentence()),
            device(view.service()));
    Optional<Check> failed = checks.stream().filter(check -> !check.passed()).findFirst();
    return new ServiceHealth(
        phase != Phase.FAILED,
        failed.isEmpty(),
        phase,
        failed.map(Check::detail).orElse("All is well."),
        checks);
  }

  private static Check device(Optional<ObservedService> service) {
    if (service.isEmpty()) {
      return new Check("device", false, "The model has not been asked yet.");
    }
    DeviceHealth device = service.get().device();
    return new Check("device", device.isWorking(), device.detail());
  }
}
