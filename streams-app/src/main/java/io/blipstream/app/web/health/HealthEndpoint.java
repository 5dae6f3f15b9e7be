package io.blipstream.app.web.health;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blipstream.app.metrics.ServiceHealth;
import io.blipstream.app.metrics.ServiceHealth.Check;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.web.WebEndpoint;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/**
 * {@code /health/live} and {@code /health/ready}: 200 or 503, with the reason as JSON. Both are
 * answered from the start of the process on, and without a token.
 */
public final class HealthEndpoint implements WebEndpoint {

  private final ServiceView service;

  public HealthEndpoint(ServiceView service) {
    this.service = service;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.get(
        "/health/live",
        request -> {
          ServiceHealth health = ServiceHealth.of(service);
          answer(request, health.alive(), body(health.alive(), health.phase().sentence(), health));
        });
    routes.get(
        "/health/ready",
        request -> {
          ServiceHealth health = ServiceHealth.of(service);
          ObjectNode body = body(health.ready(), health.reason(), health);
          ArrayNode checks = body.putArray("checks");
          for (Check check : health.checks()) {
            checks
                .addObject()
                .put("name", check.name())
                .put("passed", check.passed())
                .put("detail", check.detail());
          }
          answer(request, health.ready(), body);
        });
  }

  private static ObjectNode body(boolean up, String reason, ServiceHealth health) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("status", up ? "UP" : "DOWN")
        .put("phase", health.phase().name())
        .put("reason", reason);
  }

  private static void answer(Context request, boolean up, ObjectNode body) {
    request
        .status(up ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .contentType(ContentType.APPLICATION_JSON)
        .result(body + "\n");
  }
}
