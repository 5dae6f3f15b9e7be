package io.blipstream.app.web.health;

import io.blipstream.app.metrics.ServiceMetrics;
import io.blipstream.app.web.WebEndpoint;
import io.javalin.config.RoutesConfig;

/** {@code /metrics} in the text format that Prometheus reads. */
public final class MetricsEndpoint implements WebEndpoint {

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final ServiceMetrics metrics;

  public MetricsEndpoint(ServiceMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.get("/metrics", request -> request.contentType(TEXT).result(metrics.scrape()));
  }
}
