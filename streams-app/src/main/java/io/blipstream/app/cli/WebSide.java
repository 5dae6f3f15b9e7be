package io.blipstream.app.cli;

import io.blipstream.app.config.ServiceSettings;
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
import io.blipstream.app.web.page.LivePage;
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
  private final PageSubmission submission;
  private final LivePage page;
  private final Optional<WebServer> server;

  private WebSide(Opening opening, ServiceSettings settings, PrintWriter err)
      throws PortInUseException {
    submission = new PageSubmission(settings);
    page = new LivePage(settings, submission, view);
    List<WebEndpoint> endpoints =
        List.of(
            new HealthEndpoint(view),
            new TopologyEndpoint(settings.topics()),
            new StatisticsEndpoint(view),
            new MetricsEndpoint(metrics),
            page);
    try {
      server = opening.open(endpoints, err);
    } catch (PortInUseException | RuntimeException e) {
      closeParts();
      throw e;
    }
  }

  /** Of {@code run}: there if a port was given. */
  static WebSide ofRun(WebOptions options, ServiceSettings settings, PrintWriter err)
      throws PortInUseException {
    return new WebSide(options::start, settings, err);
  }

  /** Of {@code demo}: there unless it was refused. */
  static WebSide ofDemo(WebOptions options, ServiceSettings settings, PrintWriter err)
      throws PortInUseException {
    return new WebSide(options::startUnlessOff, settings, err);
  }

  /** The same model, whose loading is seen. */
  Supplier<CapFilt> watch(Supplier<CapFilt> model) {
    return view.watch(model);
  }

  /** To be told of outcomes and times. */
  OutcomeListener listener() {
    return server.isPresent() ? metrics.and(page) : outcome -> {};
  }

  void started(ObservedService service) {
    view.started(service);
  }

  @Override
  public void close() {
    // The page first: it ends its event streams, for which the server would wait.
    page.close();
    server.ifPresent(WebServer::close);
    closeParts();
  }

  private void closeParts() {
    page.close();
    submission.close();
    metrics.close();
  }
}
