package io.blipstream.app.cli;

import io.blipstream.app.web.PortInUseException;
import io.blipstream.app.web.WebEndpoint;
import io.blipstream.app.web.WebServer;
import io.blipstream.app.web.WebSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether, where and for whom a command answers over HTTP. */
final class WebOptions {

  /** The demo's, where no port is asked for. */
  static final int DEMO_PORT = 8080;

  private static final int OFF = -1;

  @Option(
      names = "--web-port",
      paramLabel = "PORT",
      description =
          "Port of the page, health and metrics; 0: any free one, -1: none (default: none for run;"
              + " 8080 for demo, or any free one where that is taken).")
  private Integer port;

  @Option(
      names = "--web-host",
      paramLabel = "ADDRESS",
      defaultValue = WebSettings.LOCAL_HOST,
      description =
          "Address to listen at; 0.0.0.0: all of this machine. Any but a local one needs a token"
              + " (default: this machine only).")
  private String host;

  @Option(
      names = "--web-token",
      paramLabel = "TOKEN",
      description =
          "What requests must bring, at least 16 characters: 'Authorization: Bearer TOKEN', or once"
              + " ?token=TOKEN in a browser. Health needs none. Better set in the environment, where"
              + " other users do not see it.")
  private String token;

  @Option(
      names = "--web-open",
      description = "Let other machines ask without a token, where the network keeps others out.")
  private boolean open;

  /** Where {@code run} is to listen; it does so only if a port was given. */
  Optional<WebSettings> settings() {
    return port == null || port == OFF ? Optional.empty() : Optional.of(at(port));
  }

  private WebSettings at(int there) {
    return new WebSettings(host, there, Optional.ofNullable(token), open);
  }

  /**
   * For {@code run}.
   *
   * @return empty if it was not asked for
   */
  Optional<WebServer> start(List<? extends WebEndpoint> endpoints, PrintWriter err)
      throws PortInUseException {
    Optional<WebSettings> settings = settings();
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(announced(WebServer.start(settings.get(), endpoints), err));
  }

  /** For the demo: on unless it is refused, and not stopped by a port that is taken. */
  Optional<WebServer> startUnlessOff(List<? extends WebEndpoint> endpoints, PrintWriter err)
      throws PortInUseException {
    if (port != null) {
      return start(endpoints, err);
    }
    try {
      return Optional.of(announced(WebServer.start(at(DEMO_PORT), endpoints), err));
    } catch (PortInUseException e) {
      err.printf("Port %d is taken; the page gets a free one.%n", DEMO_PORT);
      return Optional.of(announced(WebServer.start(at(0), endpoints), err));
    }
  }

  private WebServer announced(WebServer server, PrintWriter err) {
    err.printf(
        "Page, health and metrics at %s%s%n",
        server.address(), token == null ? "" : " (with the token)");
    err.flush();
    return server;
  }
}
