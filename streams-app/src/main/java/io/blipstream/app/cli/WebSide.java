package io.blipstream.app.cli;

import io.blipstream.app.config.TopicNames;
import io.blipstream.app.metrics.ServiceMetrics;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.topology.ObservedService;
import io.blipstream.app.topology.OutcomeListener;
import io.blipstream.app.web.PortInUseException;
import io.blipstream.app.web.WebEndpoint;
import io.blipstream.app.web.WebServer;
import io.blipstream.app.web.health.HealthEndpoint;
import io.blipstream.app.web.health.MetricsEndpoint;
import io.blipstream.app.web.health.StatisticsEndpoint;
import io.blipstream.app.web.health.TopologyEndpoint;
import io.blipstream.model.CapFilt;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a service shows over HTTP, if it is to: up before the service starts, so that probes see it
 * start, and closed after it, so that they see it stop.
 */
final class WebSide implements AutoCloseable {

  /** How a command asks for the server. */
  private interface Opening {
    Optional<WebServer> open(List<? extends WebEndpoint> endpoints, PrintWriter err)
        throws PortInUseException;
  }

  private final ServiceView view = new ServiceView();
  private final ServiceMetrics metrics = new ServiceMetrics(view);
  private final Optional<WebServer> server;

  private WebSide(Opening opening, TopicNames topics, PrintWriter err) throws PortInUseException {
    List<WebEndpoint> endpoints =
        List.of(
            new HealthEndpoint(view),
            new TopologyEndpoint(topics),
            new StatisticsEndpoint(view),
            new MetricsEndpoint(metrics));
    try {
      server = opening.open(endpoints, err);
    } catch (PortInUseException | RuntimeException e) {
      metrics.close();
      throw e;
    }
  }

  /** Of {@code run}: there if a port was given. */
  static WebSide ofRun(WebOptions options, TopicNames topics, PrintWriter err)
      throws PortInUseException {
    return new WebSide(options::start, topics, err);
  }

  /** Of {@code demo}: there unless it was refused. */
  static WebSide ofDemo(WebOptions options, TopicNames topics, PrintWriter err)
      throws PortInUseException {
    return new WebSide(options::startUnlessOff, topics, err);
  }

  /** The same model, whose loading is seen. */
  Supplier<CapFilt> watch(Supplier<CapFilt> model) {
    return view.watch(model);
  }

  /** To be told of outcomes and times. */
  OutcomeListener listener() {
    return server.isPresent() ? metrics : outcome -> {};
  }

  void started(ObservedService service) {
    view.started(service);
  }

  @Override
  public void close() {
    server.ifPresent(WebServer::close);
    metrics.close();
  }
}
