package io.blipstream.app.web.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.metrics.RecentStatistics;
import io.blipstream.app.metrics.ServiceStatistics;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.metrics.StatisticsJson;
import io.blipstream.app.web.WebEndpoint;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Optional;

/**
 * {@code /statistics}: counts since the start and rates of the last seconds, as JSON for programs;
 * 503 with the reason until the service has started.
 */
public final class StatisticsEndpoint implements WebEndpoint {

  private final ServiceView service;
  private final RecentStatistics recent = new RecentStatistics();

  public StatisticsEndpoint(ServiceView service) {
    this.service = service;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.get("/statistics", this::answer);
  }

  private void answer(Context request) {
    Optional<ServiceStatistics> statistics = service.statistics();
    ObjectNode json =
        statistics
            .map(now -> StatisticsJson.of(now, recent.add(now)))
            .orElseGet(
                () ->
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("reason", service.phase().sentence()));
    request
        .status(statistics.isPresent() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .contentType(ContentType.APPLICATION_JSON)
        .result(json + "\n");
  }
}
