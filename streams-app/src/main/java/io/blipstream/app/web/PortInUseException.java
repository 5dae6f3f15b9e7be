package io.blipstream.app.web;

import java.io.IOException;

/** Somebody else listens at the port. */
public final class PortInUseException extends IOException {

  private static final long serialVersionUID = 1L;

  PortInUseException(WebSettings settings, Throwable cause) {
    super(
        "The web port %d of %s is in use; give another --web-port, or 0 for any free one."
            .formatted(settings.port(), settings.host()),
        cause);
  }
}
