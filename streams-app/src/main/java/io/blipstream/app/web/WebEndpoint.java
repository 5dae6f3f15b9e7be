package io.blipstream.app.web;

import io.javalin.config.RoutesConfig;

/**
 * Something the web server answers: a feature adds its own routes and knows nothing of the others.
 *
 * <p>Who may ask is checked before a route's handler runs ({@link Access}), and a request's body is
 * never larger than {@link WebSettings#MAX_REQUEST_BYTES}. A handler runs on one of few threads, so
 * it must not wait; an event stream gives its thread back and has to send something, if only a
 * comment, more often than {@link WebSettings#IDLE}, or its connection is closed.
 */
@FunctionalInterface
public interface WebEndpoint {

  /** Adds the routes; called once, before the server listens. */
  void addTo(RoutesConfig routes);
}
