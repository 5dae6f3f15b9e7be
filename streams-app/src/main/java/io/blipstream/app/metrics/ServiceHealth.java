package io.blipstream.app.metrics;

import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.metrics.ServiceView.Phase;
import io.blipstream.app.topology.ObservedService;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether a service is alive and whether it is ready.
 *
 * <p>Alive: to restart it would not help. A service that starts, rebalances or waits for a stuck
 * model is alive; the last one ends by itself once it gives up. Ready: Kafka has the topics, the
 * registry goes with our schemas, the model is loaded, the service has joined its group, Kafka and
 * the model answer, and nobody told it to stop.
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
            kafka(view.service()),
            device(view.service()));
    Optional<Check> failed = checks.stream().filter(check -> !check.passed()).findFirst();
    return new ServiceHealth(
        phase != Phase.FAILED,
        failed.isEmpty(),
        phase,
        failed.map(Check::detail).orElse("All is well."),
        checks);
  }

  /**
   * Consumers hear from Kafka every few seconds, if only that nothing is new. Kafka's own rate is
   * that of the last minute, so that a broker's restart, or another's taking over, is let pass.
   */
  private static Check kafka(Optional<ObservedService> service) {
    OptionalDouble bytesPerSecond =
        service.stream()
            .flatMap(running -> running.kafkaMetrics().values().stream())
            .filter(metric -> metric.metricName().group().equals("consumer-metrics"))
            .filter(metric -> metric.metricName().name().equals("incoming-byte-rate"))
            .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
            .max();
    boolean heard = bytesPerSecond.isEmpty() || bytesPerSecond.getAsDouble() > 0;
    return new Check(
        "kafka",
        heard,
        heard
            ? "Kafka answers."
            : "Kafka has not answered for a minute; images wait, and are judged once it does.");
  }

  private static Check device(Optional<ObservedService> service) {
    if (service.isEmpty()) {
      return new Check("device", false, "The model has not been asked yet.");
    }
    DeviceHealth device = service.get().device();
    return new Check("device", device.isWorking(), device.detail());
  }
}
