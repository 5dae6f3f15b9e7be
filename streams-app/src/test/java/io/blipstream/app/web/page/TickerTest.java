package io.blipstream.app.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.blipstream.app.inflight.TaskStatistics;
import io.blipstream.app.metrics.FakeService;
import io.blipstream.app.metrics.ServiceView;
import io.blipstream.model.TextScore;
import io.blipstream.model.TextSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TickerTest {

  private final ServiceView view = new ServiceView();
  private final FakeService service = new FakeService();
  private final ScoreWindow scores = new ScoreWindow(10);
  private final Ticker ticker = new Ticker(scores);

  private static Map<String, String> partition(String topic, int number) {
    return Map.of("topic", topic, "partition", String.valueOf(number));
  }

  @Test
  void shouldTellHowFarAServiceIsThatHasNotStartedAndDrawNothingOfIt() {
    JsonNode tick = ticker.tick(view, 5);
    assertThat(tick.get("at").asLong()).isEqualTo(5);
    assertThat(tick.get("phase").asText()).isEqualTo("CHECKING");
    assertThat(tick.get("sentence").asText()).contains("being checked");
    assertThat(tick.has("counts")).isFalse();
    assertThat(ticker.series()).isEmpty();
    view.started(service.stopping());
    assertThat(ticker.tick(view, 6).get("phase").asText()).isEqualTo("STOPPING");
  }

  @Test
  void shouldTellTheFiguresOfTheServiceAndItsWindows() {
    view.started(
        service
            .images(80)
            .rejects("TEXT_NOT_MATCHED", 80)
            .windows(new TaskStatistics("images", 3, 7, 7000, 9, Duration.ofSeconds(2)))
            .kafka("consumer-fetch-manager-metrics", "records-lag", partition("images", 3), 5.0)
            .kafka("consumer-fetch-manager-metrics", "records-lag", partition("others", 3), 50.0));
    JsonNode tick = ticker.tick(view, 5);
    assertThat(tick.at("/counts/images").asLong()).isEqualTo(80);
    assertThat(tick.at("/counts/gap").asLong()).isZero();
    assertThat(tick.at("/counts/reasons/TEXT_NOT_MATCHED").asLong()).isEqualTo(80);
    assertThat(tick.get("lag").asLong()).as("of its own topic").isEqualTo(5);
    assertThat(tick.get("device").asText()).isEqualTo("working");
    assertThat(tick.get("fill").isNull()).as("no batch between two samples yet").isTrue();
    assertThat(tick.at("/tasks/0/task").asText()).isEqualTo("0_3");
    assertThat(tick.at("/tasks/0/records").asInt()).isEqualTo(7);
    assertThat(tick.at("/tasks/0/most").asInt()).isEqualTo(service.settings().windowRecords());
  }

  @Test
  void shouldCountTheScoresOfEachSourceByHundredths() {
    scores.add(new TextScore("a dog", TextSource.WEB, 0.25f, 0.1f));
    scores.add(new TextScore("a cat", TextSource.SYNTHETIC, 1f, 0.1f));
    JsonNode steps = ticker.tick(view, 5).get("scores");
    assertThat(steps.get("WEB")).hasSize(ScoreWindow.STEPS);
    assertThat(steps.get("WEB").get(25).asInt()).isEqualTo(1);
    assertThat(steps.get("SYNTHETIC").get(100).asInt()).isEqualTo(1);
    assertThat(steps.get("SYNTHETIC").get(25).asInt()).isZero();
  }

  @Test
  void shouldKeepTwoMinutesForTheCharts() {
    view.started(service);
    for (int second = 0; second < 130; second++) {
      ticker.tick(view, second);
    }
    JsonNode series = ticker.series();
    assertThat(series).hasSize(120);
    assertThat(series.get(0).get(0).asLong()).as("the oldest").isEqualTo(10);
    assertThat(series.get(119).get(0).asLong()).as("the newest").isEqualTo(129);
    assertThat(series.get(119)).hasSize(6);
    assertThat(series.get(119).get(5).asLong()).isEqualTo(service.inFlight().records());
  }
}
