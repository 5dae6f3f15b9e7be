package io.blipstream.app.web.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blipstream.app.batching.DeviceHealth;
import io.blipstream.app.config.TopicNames;
import io.blipstream.app.metrics.FakeService;
import io.blipstream.app.metrics.ServiceMetrics;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.app.web.WebServer;
import io.blipstream.app.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceView view = new ServiceView();
  private final ServiceMetrics metrics = new ServiceMetrics(view);
  private final FakeService service = new FakeService();
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        WebServer.start(
            WebSettings.local(0),
            List.of(
                new HealthEndpoint(view),
                new TopologyEndpoint(TopicNames.DEFAULT),
                new StatisticsEndpoint(view),
                new MetricsEndpoint(metrics)));
  }

  @AfterEach
  void stop() {
    server.close();
    metrics.close();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private void expect(String path, int status, String reason) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode json = JSON.readTree(response.body());
    assertThat(json.get("status").asText()).isEqualTo(status == 200 ? "UP" : "DOWN");
    assertThat(json.get("reason").asText()).contains(reason);
  }

  @Test
  void shouldBeAliveYetNotReadyWhileItStarts() throws Exception {
    expect("/health/live", 200, "being checked");
    expect("/health/ready", 503, "being checked");
    var loader =
        view.watch(
            () -> {
              throw new IllegalStateException("never loads");
            });
    assertThatThrownBy(loader::get).hasMessage("never loads");
    expect("/health/ready", 503, "not loaded yet");
    view.started(service.state(KafkaStreams.State.REBALANCING).hasRun(false));
    expect("/health/live", 200, "joins its group");
    expect("/health/ready", 503, "joins its group");
  }

  @Test
  void shouldBeReadyOnceItRunsAndStaySoThroughALaterRebalance() throws Exception {
    view.started(service);
    expect("/health/ready", 200, "All is well.");
    service.state(KafkaStreams.State.REBALANCING);
    expect("/health/live", 200, "runs");
    expect("/health/ready", 200, "All is well.");
  }

  @Test
  void shouldNotBeReadyWhileTheDeviceIsStuckYetStayAlive() throws Exception {
    view.started(service.device(DeviceHealth.State.HANGING));
    expect("/health/live", 200, "runs");
    expect("/health/ready", 503, "The model is HANGING.");
    JsonNode checks = JSON.readTree(get("/health/ready").body()).get("checks");
    assertThat(checks.findValuesAsText("name"))
        .containsExactly("dependencies", "model", "stream", "kafka", "device");
    assertThat(checks.get(4).get("passed").asBoolean()).isFalse();
    service.device(DeviceHealth.State.WORKING);
    expect("/health/ready", 200, "All is well.");
  }

  @Test
  void shouldNotBeReadyOnceItWasToldToStopYetStayAlive() throws Exception {
    view.started(service.stopping());
    assertThat(service.state()).isEqualTo(KafkaStreams.State.RUNNING);
    expect("/health/live", 200, "stops");
    expect("/health/ready", 503, "answers what is in flight and takes nothing more");
    assertThat(get("/metrics").body()).contains("blipstream_ready 0.0");
  }

  @Test
  void shouldNotBeReadyWhileNoConsumerHearsFromKafkaYetStayAlive() throws Exception {
    view.started(service);
    // This one never does: there are no state stores.
    hears("restore-consumer", 0.0);
    hears("consumer", 0.0);
    expect("/health/live", 200, "runs");
    expect("/health/ready", 503, "Kafka has not answered for a minute");
    hears("consumer", 12.5);
    expect("/health/ready", 200, "All is well.");
  }

  private void hears(String client, double bytesPerSecond) {
    service.kafka(
        "consumer-metrics", "incoming-byte-rate", Map.of("client-id", client), bytesPerSecond);
  }

  @Test
  void shouldBeDeadOnceTheStreamHasFailed() throws Exception {
    view.started(service);
    service.terminated().completeExceptionally(new IllegalStateException("gave up"));
    expect("/health/live", 503, "failed");
    expect("/health/ready", 503, "failed");
  }

  @Test
  void shouldShowTheTopologyAsTextAsJsonAndAsMermaid() throws Exception {
    assertThat(get("/topology").body()).contains("Sub-topology: 0");
    JsonNode json = JSON.readTree(get("/topology", "Accept", "application/json").body());
    assertThat(json.get("nodes").findValuesAsText("kind"))
        .containsExactlyInAnyOrder("source", "processor", "sink", "sink", "sink");
    assertThat(json.get("nodes").findValues("topics").toString())
        .contains("images", "captions", "itm-confidence", "rejects");
    assertThat(get("/topology?format=mermaid").body()).startsWith("flowchart LR");
  }

  @Test
  void shouldTellStatisticsOnceThereIsAService() throws Exception {
    HttpResponse<String> before = get("/statistics");
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).contains("being checked");
    view.started(service.images(80));
    JsonNode json = JSON.readTree(get("/statistics").body());
    assertThat(json.at("/outcomes/images").asInt()).isEqualTo(80);
    assertThat(json.at("/batching/maxImages").asInt()).isEqualTo(16);
    assertThat(json.at("/device/state").asText()).isEqualTo("WORKING");
    assertThat(json.at("/threshold").asDouble()).isEqualTo(0.7);
  }

  @Test
  void shouldWriteMetricsForPrometheus() throws Exception {
    view.started(service.images(80));
    HttpResponse<String> response = get("/metrics");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(response.body()).contains("blipstream_images_total 80.0");
  }
}
