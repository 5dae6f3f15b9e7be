package io.blipstream.app.metrics;

import io.blipstream.app.topology.ObservedService;
import io.blipstream.model.CapFilt;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The service as it is seen from outside while it starts, runs and stops: pages and probes are
 * there before it is, and say how far it has come.
 */
public final class ServiceView {

  /** How far the service has come, in this order. */
  public enum Phase {
    CHECKING("Kafka, its topics and the schema registry are being checked."),
    LOADING("The model is being loaded."),
    JOINING("The service joins its group and waits for partitions."),
    RUNNING("The service runs."),
    STOPPING("The service stops: it answers what is in flight and takes nothing more."),
    FAILED("The service has failed.");

    private final String sentence;

    Phase(String sentence) {
      this.sentence = sentence;
    }

    /** For a person. */
    public String sentence() {
      return sentence;
    }
  }

  private volatile Phase starting = Phase.CHECKING;
  private volatile Optional<ObservedService> service = Optional.empty();

  /** The same model, whose loading is seen here. */
  public Supplier<CapFilt> watch(Supplier<? extends CapFilt> model) {
    return () -> {
      starting = Phase.LOADING;
      CapFilt loaded = model.get();
      starting = Phase.JOINING;
      return loaded;
    };
  }

  /** The service has started. */
  public void started(ObservedService running) {
    service = Optional.of(running);
  }

  /** Empty until it has started. */
  public Optional<ObservedService> service() {
    return service;
  }

  /** How far it has come. A service that rebalances runs. */
  public Phase phase() {
    return service.map(ServiceView::phase).orElse(starting);
  }

  private static Phase phase(ObservedService running) {
    KafkaStreams.State state = running.state();
    if (running.terminated().isCompletedExceptionally() || state == KafkaStreams.State.ERROR) {
      return Phase.FAILED;
    }
    if (running.isStopping()) {
      return Phase.STOPPING;
    }
    return switch (state) {
      case CREATED -> Phase.JOINING;
      case REBALANCING -> running.hasRun() ? Phase.RUNNING : Phase.JOINING;
      case RUNNING -> Phase.RUNNING;
      default -> Phase.STOPPING;
    };
  }

  /** What the service tells of itself now; empty until it has started. */
  public Optional<ServiceStatistics> statistics() {
    return service().map(ServiceStatistics::of);
  }
}
